"""Values in, values out: scopes, tokens, parameters, shapes, changes, rights."""
