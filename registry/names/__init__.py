"""The index of names in the database: who is called like this, and that two people do not name one firm at a time."""
