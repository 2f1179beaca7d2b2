"""Workbooks and untrusted files: cells, columns, headings, the child process that parses uploads, printed books."""
