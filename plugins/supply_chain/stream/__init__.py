"""The stream: the Flink job, its topics, and what starts, stops and watches it."""
