"""What everything stands on: periods, codes, characters, words of the field, errors; the database, the clock, turns."""
