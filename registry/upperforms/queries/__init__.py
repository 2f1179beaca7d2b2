"""The firms that a form is filled from, and the forms that were brought."""
