"""Values in, values out: states, serial numbers, rights."""
