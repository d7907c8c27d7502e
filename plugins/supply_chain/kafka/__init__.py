"""Kafka: its topics, how clients reach the brokers, and how a topic is read."""
