"""The form that an upper level sent: how it is looked at, understood, filled in and given back."""
