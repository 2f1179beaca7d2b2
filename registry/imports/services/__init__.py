"""An uploaded table becomes firms: read, sorted against the directory, staged, applied in turns, taken back in turns.

columns     what an office says of headings that are not known
batches     a batch is received, ordered about, refused, given up
rows        one row of the file as the directory would store it
stored      what the directory holds of the firms in a chunk of rows
earlier     what the rows before this one hold
sorting     new, changed, unchanged, duplicate or faulty
staging     file -> chunks of sorted rows -> the batch
applying    the staged rows made real, out of sight until one row is switched (`creating`, `changing`)
undoing     a batch taken back: an applied one but for what was edited since, one not switched on whole
returning   rows that go back, and the form filled with what is known
"""
