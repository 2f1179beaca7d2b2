"""The figures in reach, those of one firm, and the files that brought them."""
