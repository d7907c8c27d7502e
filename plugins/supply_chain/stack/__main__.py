"""The platform's command line: ``python -m supply_chain.stack COMMAND``.

The Makefile calls the commands of people (:mod:`.commands`), supervisord and containers those of :mod:`.processes`.
"""

from __future__ import annotations

import argparse
import sys

from supply_chain.servers.parts import PARTS
from supply_chain.stack import processes

FOR_PEOPLE = {
    "up": "start what is not running, and wait until it is ready",
    "down": "stop every part",
    "status": "show every part and the stream; exit 1 if a part is not healthy or the stream stands still",
    "ports": "find free ports for the parts whose ports other programs hold, and remember them",
    "psql": "open psql as the read-only role; run SQL of standard input as CSV",
    "logs": "follow the logs of the named parts, or of all",
    "reset": "delete the deployment's state, after asking",
    "demo": "start, seed, stream, verify, publish, forecast and plan, and say where to look",
}
AIRFLOW = "run an airflow command in this deployment"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m supply_chain.stack", description="The platform's command line.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    known = {name: commands.add_parser(name, help=text) for name, text in FOR_PEOPLE.items()}
    known["logs"].add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS)}")
    known["reset"].add_argument("--yes", dest="confirmed", action="store_true", help="do not ask")
    known["demo"].add_argument("--running", action="store_true", help="start nothing: every part runs already")
    # Options are the command's own: no argument begins with the character by which this parser would know one.
    theirs = commands.add_parser("airflow", help=AIRFLOW, add_help=False, prefix_chars=" ")
    theirs.add_argument("arguments", nargs="*", metavar="ARGUMENT")
    for name, action, names in (
        ("run", processes.run, PARTS),
        ("check", processes.check, PARTS),
        ("prepare", processes.prepare, processes.STEPS),
    ):
        command = commands.add_parser(name, help=action.__doc__)
        command.add_argument("name", choices=list(names))
        command.set_defaults(action=action)
    return parser


def main() -> int:
    """Run the command and return the exit code."""
    parser = _parser()
    arguments = vars(parser.parse_args())
    name = arguments.pop("command")
    if action := arguments.pop("action", None):
        return int(action(**arguments))
    # A health check is asked every few seconds: it does not load what people need.
    from supply_chain.stack import commands

    unknown = sorted(set(arguments.get("parts", ())) - set(PARTS))
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    try:
        return int(commands.COMMANDS[name](**arguments))
    except commands.EXPECTED_ERRORS as error:
        commands.CONSOLE.print(f"[red]error:[/] {error}", soft_wrap=True)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
