"""The ledger check: proves that the stream's tables are what the messages of the topic add up to.

It reads the topic itself, holds every message to the event contract by a reader of its own (:mod:`.contract`), sums up
what counts (:mod:`.recount`), and compares every row and column with the tables (:mod:`.comparison`). It shares no code
with the Flink job, and works while the stream runs: see :mod:`.checking` for the cuts at which it compares.
"""

from supply_chain.ledger.checking import check, record
from supply_chain.ledger.report import LedgerError, LedgerReport

__all__ = ["LedgerError", "LedgerReport", "check", "record"]
