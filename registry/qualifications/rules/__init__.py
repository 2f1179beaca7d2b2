"""Values in, values out: numbers, states, test items, rights."""
