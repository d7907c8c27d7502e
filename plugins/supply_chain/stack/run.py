"""Become one part of the platform: what supervisord and containers start. ``python -m supply_chain.stack.run NAME``."""

from __future__ import annotations

import os
import subprocess
import sys

from supply_chain.paths import make_folders
from supply_chain.servers.parts import PARTS
from supply_chain.settings import load_settings


def main() -> None:
    """Prepare the part and replace this process by it."""
    part = PARTS[sys.argv[1]]
    settings = load_settings()
    make_folders(settings)
    try:
        part.prepare(settings)
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.stdout or ''}{error.stderr or ''}\n{part.name}: {error.cmd[0]} ended with {error.returncode}")
    # The part ends when what started it is killed, so that no part is left that nobody supervises.
    command = ["setpriv", "--pdeathsig", "TERM", "--", *part.command(settings)]
    os.execvpe(command[0], command, {**os.environ, **part.environment(settings)})  # noqa: S606


if __name__ == "__main__":
    main()
