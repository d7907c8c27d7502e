"""The ledger check from the shell: ``python -m supply_chain.ledger``.

Exit code 0: every row is right; 1: rows differ, the first of them are named; 2: it could not be checked.
"""

from __future__ import annotations

import argparse
import sys

from rich.console import Console

from supply_chain import ledger
from supply_chain.ledger.checking import WAIT_SECONDS
from supply_chain.settings import SettingsError, load_settings

CONSOLE = Console(stderr=True, highlight=False)


def main() -> int:
    """Check, keep the verdict, and print it."""
    parser = argparse.ArgumentParser(prog="python -m supply_chain.ledger", description=__doc__)
    parser.add_argument(
        "--wait",
        type=float,
        default=WAIT_SECONDS,
        metavar="SECONDS",
        help="for rows on their way (default %(default)s)",
    )
    arguments = parser.parse_args()
    try:
        settings = load_settings()
        with CONSOLE.status("reading the topic") as status:
            report = ledger.check(settings, wait_seconds=arguments.wait, on_progress=status.update)
        ledger.record(settings, report)
    except (SettingsError, ledger.LedgerError) as error:
        CONSOLE.print(f"[red]error:[/] {error}", soft_wrap=True)
        return 2
    print(report.summary)
    for difference in report.differences:
        print(difference)
    if report.differing > len(report.differences):
        print(f"... and {report.differing - len(report.differences):,} more")
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
