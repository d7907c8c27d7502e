"""Seed the database from a shell: ``python -m supply_chain.seed [--replace]``."""

from __future__ import annotations

import argparse
import logging
import sys

from supply_chain.seed import SeedRefusedError, SourceError, seed
from supply_chain.settings import SettingsError, load_settings


def main() -> int:
    """Seed, and print what is published; exit 1 where it is refused."""
    parser = argparse.ArgumentParser(prog="python -m supply_chain.seed", description=__doc__)
    parser.add_argument("--replace", action="store_true", help="replace another source that is published")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        report = seed(load_settings(), replace=arguments.replace)
    except (SeedRefusedError, SourceError, SettingsError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"source={report.source} changed={str(report.changed).lower()} rejected={report.rejected_count}")
    for module, rows in report.row_counts.items():
        print(f"{module}={rows}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
