"""The domain library that every part of the platform shares.

Nothing in here imports Airflow, Flink, Spark or Superset, and nothing heavy is imported at module level, so
that the interpreters of all of them can import it.
"""
