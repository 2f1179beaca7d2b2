"""Rules: drafts and versions; files of reference data, which the loader and new rows of a draft are checked by."""
