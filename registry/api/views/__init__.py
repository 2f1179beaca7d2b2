"""What is answered, as values: shapes filled from rows, problems, places in a list, the description."""
