"""The paper of a bulletin: what it holds, and how it becomes a file for Word and WPS by GB/T 9704-2012."""
