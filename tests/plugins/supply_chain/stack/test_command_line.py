"""The platform's command line: what it knows, and what it says of what it does not know."""

from __future__ import annotations

import subprocess
import sys

import pytest

from supply_chain.servers.parts import PARTS
from supply_chain.stack import __main__ as command_line
from supply_chain.stack.commands import COMMANDS
from supply_chain.stack.processes import STEPS
from tests.servers import environment


def told(settings, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "supply_chain.stack", *arguments],
        env=environment(settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("command", ["run", "check", "logs"])
def test_a_part_that_is_not_there_is_refused_with_those_that_are(settings, command):
    refusal = told(settings, command, "postgress")
    assert "postgress" in refusal
    for name in PARTS:
        assert name in refusal


def test_a_step_that_is_not_there_is_refused_with_those_that_are(settings):
    refusal = told(settings, "prepare", "database")
    for name in STEPS:
        assert name in refusal


def test_a_command_that_is_not_there_is_refused_with_those_that_are(settings):
    refusal = told(settings, "upp")
    for name in [*COMMANDS, "run", "check", "prepare"]:
        assert name in refusal


def test_every_command_for_people_is_there():
    assert {*command_line.FOR_PEOPLE, "airflow"} == set(COMMANDS)
