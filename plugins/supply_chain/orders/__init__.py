"""Order lines: the contract of the event, the DataCo file, and the generator of files like it."""
