"""The figures as they stand and as they once stood, beside the firm's own."""
