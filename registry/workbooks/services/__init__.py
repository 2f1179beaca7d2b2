"""A pre-filled workbook goes out to an office and comes back: issued, received, compared cell by cell, applied.

firm_cells       what stands in the firm_cells of a firm, and which of them are open to the office
issuing     the firms of an office -> an issued workbook and its file
returns     a file is received, ordered about, refused, given up
rows        which issued row each row of the file is
comparing   as issued / now / in the file -> what became of each cell
applying    what was chosen made real in one transaction
"""
