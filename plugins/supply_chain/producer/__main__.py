"""The order producer as a process: ``python -m supply_chain.producer``; SIGTERM ends it after what is on its way."""

from __future__ import annotations

import logging
import signal
import sys
import time
from threading import Event

from supply_chain.producer.replay import OrderProducer
from supply_chain.settings import SettingsError, load_settings


def main() -> int:
    """Work until told to end."""
    logging.Formatter.converter = time.gmtime
    logging.basicConfig(
        level=logging.INFO,
        stream=sys.stdout,
        format="%(asctime)sZ %(levelname)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S",
    )
    try:
        settings = load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    ending = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    OrderProducer(settings, ending).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
