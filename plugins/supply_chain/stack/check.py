"""Ask one part whether it works: the health check of containers. ``python -m supply_chain.stack.check NAME``."""

from __future__ import annotations

import sys

from supply_chain.servers.parts import PARTS
from supply_chain.settings import load_settings


def main() -> int:
    """Print what is wrong and return 1, or return 0."""
    try:
        PARTS[sys.argv[1]].probe(load_settings())
    except Exception as reason:
        print(reason)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
