"""What the guide says: of each kind of page, of the first day of each role, and of the words."""
