"""The commands that people give to the native stack; :mod:`.__main__` reads them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import requests
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from supply_chain import demo, ledger
from supply_chain.airflow_api import RunTimeoutError
from supply_chain.database import DATABASE, Role
from supply_chain.paths import log_dir
from supply_chain.servers import airflow
from supply_chain.servers.databases import write_password_file
from supply_chain.servers.parts import PARTS
from supply_chain.servers.postgres import binaries
from supply_chain.settings import PEOPLE, SettingsError, env_file, load_settings
from supply_chain.settings_file import ensure_env_file, rename_former
from supply_chain.stack import health, lifecycle, stream_status
from supply_chain.stack.ports import PortConflictError, move_ports
from supply_chain.supervisor import SupervisorError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from supply_chain.settings import Settings

CONSOLE = Console(stderr=True, highlight=False)
READER_LIMIT = "60s"
EXPECTED_ERRORS = (
    SettingsError,
    PortConflictError,
    SupervisorError,
    lifecycle.StartError,
    demo.DemoError,
    RunTimeoutError,
    ledger.LedgerError,
    requests.RequestException,
)
"""Errors whose message says what to do, so that nobody needs their traces."""


def up() -> int:
    """Start what is not running and wait until it is ready."""
    _up()
    return 0


def down() -> int:
    """Stop every part."""
    CONSOLE.print("stopped" if lifecycle.down(load_settings()) else "nothing was running")
    return 0


def status() -> int:
    """Show every part and the stream; exit 1 if a part is not healthy or the stream stands still."""
    settings = load_settings()
    examined = health.examine(settings)
    table = Table("part", "health", "state", "since", "disk", "what to do")
    for part in examined:
        colour, word = ("green", "healthy") if part.healthy else ("red", "unhealthy")
        since = str(timedelta(seconds=round(part.seconds))) if part.seconds else ""
        disk = "" if part.disk_bytes is None else _megabytes(part.disk_bytes)
        table.add_row(part.name, f"[{colour}]{word}[/]", part.state, since, disk, part.remedy)
    console = Console(highlight=False)
    console.print(table)
    stream = stream_status.examine(settings)
    logs = ("logs", _megabytes(health.disk_bytes(log_dir(settings))))
    pages = [(f"page of {part.name}", part.page) for part in examined if part.page]
    for name, value in [*stream.lines, logs, *pages]:
        colour = "red" if name == "stream" and stream.stands_still else "default"
        console.print(f"{name:<22}[{colour}]{escape(value)}[/]", soft_wrap=True)
    return 0 if all(part.healthy for part in examined) and not stream.stands_still else 1


def ports() -> int:
    """Find free ports for the parts whose ports other programs hold, and remember them."""
    ensure_env_file()
    moved = move_ports(load_settings(), chosen_too=True)
    if moved:
        _say_what_moved(moved)
        CONSOLE.print("they hold from the next start on: make down up; if POSTGRES_PORT is new, also: make dashboards")
    else:
        print("no other program holds a port of this deployment")
    return 0


def logs(parts: Sequence[str]) -> int:
    """Follow the logs of the named parts, or of all."""
    files = [str(log_dir(load_settings()) / f"{name}.log") for name in parts or PARTS]
    return subprocess.call(["tail", "-n", "20", "-F", *files])


def reset(*, confirmed: bool) -> int:
    """Delete the deployment's state, after asking."""
    settings = load_settings()
    CONSOLE.print(f"This deletes the databases, topics, checkpoints and logs in {settings.state_dir.resolve()}.")
    if not confirmed and input("Type yes to go on: ") != "yes":
        CONSOLE.print("nothing was deleted")
        return 1
    lifecycle.reset(settings)
    CONSOLE.print("deleted; the settings and secrets are still in " + str(env_file()))
    return 0


def psql() -> int:
    """Open psql as the role that may only read; run standard input, as CSV, where it is no terminal."""
    settings = load_settings()
    options = [] if sys.stdin.isatty() else ["--csv", "--quiet", "--set", "ON_ERROR_STOP=1"]
    address = f"host={settings.postgres_host} port={settings.postgres_port} dbname={DATABASE} user={Role.READER.login}"
    environment = {
        **os.environ,
        "PGPASSFILE": str(write_password_file(settings, Role.READER)),
        "PGOPTIONS": f"-c timezone=UTC -c statement_timeout={READER_LIMIT}",
    }
    return subprocess.call([str(binaries() / "psql"), "--no-psqlrc", *options, address], env=environment)


def run_airflow(arguments: Sequence[str]) -> int:
    """Run an ``airflow`` command in this deployment; everything after the word is the command's own."""
    airflow.become(load_settings(), tuple(arguments))


def run_demo(*, running: bool) -> int:
    """Start, seed, stream, verify, publish, forecast, plan, and say where to look."""
    settings = load_settings() if running else _up()
    demo.seed(settings, CONSOLE)
    progress = demo.stream(settings, CONSOLE)
    CONSOLE.print(
        f"[green]streamed[/] {progress.sent:,} order lines to Kafka; Flink counted {progress.counted:,} "
        f"and rejected {progress.rejected:,}"
    )
    with CONSOLE.status("reading the topic") as status:
        report = ledger.check(settings, on_progress=status.update)
    ledger.record(settings, report)
    CONSOLE.print(report.summary, style="green" if report.holds else "red")
    for difference in report.differences:
        CONSOLE.print(str(difference), soft_wrap=True)
    demo.publish(settings, CONSOLE)
    # At the end: orders arrive meanwhile, and the plan is to be of the last day received.
    demo.forecast(settings, CONSOLE)
    _show_addresses(settings)
    return 0 if report.holds else 1


def _megabytes(size: int) -> str:
    return f"{size / 1024**2:,.0f} MB"


def _up() -> Settings:
    renamed = rename_former()
    for sentence in renamed:
        CONSOLE.print(sentence, soft_wrap=True)
    if renamed:
        # Parts of the earlier release that still run know the former names alone.
        ensure_env_file()
        lifecycle.down(load_settings())
    settings = lifecycle.up(
        lambda name, seconds: CONSOLE.print(f"[green]ready[/] {name} ({seconds:.0f} s)"), _say_what_moved
    )
    addresses = {
        "Dashboards": settings.superset_page_url,
        "Airflow": settings.airflow_page_url,
        "Flink": settings.flink_page_url,
        "Spark": settings.spark_page_url,
    }
    CONSOLE.print("   ".join(f"{name}: {address}" for name, address in addresses.items()))
    return settings


def _say_what_moved(moved: dict[str, tuple[int, int]]) -> None:
    for name, (before, now) in moved.items():
        CONSOLE.print(f"{name}={now}, as another program holds {before}")
    CONSOLE.print(f"remembered in {env_file()}", soft_wrap=True)


def _show_addresses(settings: Settings) -> None:
    table = Table("page", "address", "open to", title="The platform is running")
    where = f"in {env_file() if env_file().exists() else '.env'}"
    people = Table("user", "password, for the dashboards and Airflow")
    for person in PEOPLE:
        people.add_row(person, f"{person.upper()}_PASSWORD {where}")
    table.add_row("Dashboards", settings.superset_page_url, "every user")
    table.add_row("Airflow", settings.airflow_page_url, "every user")
    who = "who has a certificate: docs/deployment.md" if settings.flink_identity else "everybody on this machine"
    table.add_row("Flink", settings.flink_page_url, who)
    table.add_row("Spark", settings.spark_page_url, "everybody on this machine")
    console = Console(highlight=False)
    console.print(table)
    console.print(people)


COMMANDS: dict[str, Callable[..., int]] = {
    "up": up,
    "down": down,
    "status": status,
    "ports": ports,
    "psql": psql,
    "logs": logs,
    "reset": reset,
    "demo": run_demo,
    "airflow": run_airflow,
}
"""Every command of people by its name."""
