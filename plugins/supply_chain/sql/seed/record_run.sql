-- What was staged, for the steps that follow.
INSERT INTO staging.run (source, checksum, row_count, rejected_count, recipe)
VALUES (%(source)s, %(checksum)s, %(row_count)s, %(rejected_count)s, %(recipe)s)
