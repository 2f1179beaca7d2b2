"""What needs no row: who may fill a form, and which forms are never filled."""
