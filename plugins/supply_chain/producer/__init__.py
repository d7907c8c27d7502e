"""The order producer: replays the published order lines into Kafka, as ``stream_control`` tells it to.

Its position is what the topic holds, never a side table: so a killed producer, a lost message and a database restored
to an older state all end the same way, with every order line in the topic once.
"""
