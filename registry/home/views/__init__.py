"""What a desk shows, as values: for each role its first question."""
