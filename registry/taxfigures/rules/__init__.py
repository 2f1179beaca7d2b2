"""What needs no row: who may bring and read such figures, and when one is far from the firm's own."""
