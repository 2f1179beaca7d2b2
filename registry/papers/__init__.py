"""Official papers: what one holds, its file for Word and WPS by GB/T 9704-2012, and its print."""
