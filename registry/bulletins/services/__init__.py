"""What is done with a bulletin."""
