"""Generate orders: ``python -m supply_chain.orders generate --orders N --seed S [--profile P] [--output FILE]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from supply_chain.orders.generator import generate, write_orders
from supply_chain.orders.recipe import ProfileName, Recipe


def main() -> int:
    """Write a file, or to standard output; progress goes to standard error."""
    parser = argparse.ArgumentParser(prog="python -m supply_chain.orders", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("generate", help="write orders in the shape of the DataCo CSV")
    command.add_argument("--orders", type=int, required=True, help="how many orders; each has 1 to 5 order lines")
    command.add_argument("--seed", type=int, default=2015, help="the same profile and seed give the same bytes")
    command.add_argument(
        "--profile",
        choices=[profile.value for profile in ProfileName],
        default=ProfileName.BUSINESS.value,
        help="how the business behaves: it grows, with seasons and promotions, or as the published data set",
    )
    command.add_argument("--output", type=Path, help="the file to write, compressed where it ends in .gz")
    arguments = parser.parse_args()
    if arguments.orders < 1:
        parser.error(f"--orders: {arguments.orders} is below 1")
    if arguments.output is None:
        for _, text, _ in generate(Recipe(ProfileName(arguments.profile), arguments.orders, arguments.seed)):
            sys.stdout.buffer.write(text)
        return 0
    lines = write_orders(
        arguments.output,
        orders=arguments.orders,
        seed=arguments.seed,
        profile=ProfileName(arguments.profile),
        on_progress=lambda number: print(f"\r{number:,} of {arguments.orders:,} orders", end="", file=sys.stderr),
    )
    print(f"\n{lines:,} order lines in {arguments.output}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
