"""What the set-up finds on machines of several kinds, and what it says or installs there.

The machines are folders of small programs that answer as those of Debian and Ubuntu do.
"""

from __future__ import annotations

import shutil
import subprocess

import pytest

from supply_chain.settings import REPOSITORY

SCRIPT = REPOSITORY / "docker" / "native" / "prerequisites.sh"
TOOLS = ["bash", "sed", "head", "grep", "tr", "readlink", "cat", "sh"]
EVERYTHING = ["native", "airflow", "flink", "spark", "superset", "tests"]

JAVA = 'openjdk version "{version}" 2025-07-15 LTS\nOpenJDK Runtime Environment (build {version}+9)'
DEBIAN_12 = {
    "openjdk-17-jdk-headless": "17.0.19+10-1~deb12u1",
    "chromium": "150.0.7871.100-1~deb12u1",
    "maven": "3.8.7-1",
}
DEBIAN_13 = {"openjdk-21-jdk-headless": "21.0.9+10-1", "openjdk-25-jdk-headless": "25.0.1+8-1", "chromium": "150.0-1"}
UBUNTU = {
    "openjdk-17-jdk-headless": "17.0.17", "openjdk-21-jdk-headless": "21.0.9", "chromium-browser": "2:1snap1-0ubuntu2",
}  # fmt: skip


class Machine:
    """A machine on which everything is there, until a test takes it away."""

    def __init__(self, folder):
        self.bin, self.jvm, self.home = folder / "bin", folder / "jvm", folder
        self.bin.mkdir()
        self.jvm.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        for name in ("mvn", "setpriv", "unshare", "python3", "chromium"):
            self.program(name, "exit 0")
        self.program("fc-list", "echo DejaVu")
        self.program("uname", '[ "$1" = -m ] && echo x86_64 || echo Linux')
        self.program("id", "echo 1000")
        self.java(self.bin, "17.0.15")
        self.packages(DEBIAN_12)

    def program(self, name, script, folder=None):
        path = (folder or self.bin) / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/bash\n{script}\n")
        path.chmod(0o755)

    def java(self, folder, version, *, compiler=True):
        folder.mkdir(parents=True, exist_ok=True)
        told = JAVA.format(version=version)
        options = '[ -z "$JAVA_TOOL_OPTIONS" ] || echo "Picked up JAVA_TOOL_OPTIONS: $JAVA_TOOL_OPTIONS" >&2'
        self.program("java", f"{options}\ncat >&2 <<'END'\n{told}\nEND", folder)
        if compiler:
            self.program("javac", f"echo javac {version}", folder)

    def packages(self, offered):
        cases = "".join(f"{name}) echo '  Candidate: {version}';;\n" for name, version in offered.items())
        self.program("apt-cache", f'case $2 in\n{cases}chromium) echo "  Candidate: (none)";;\nesac')

    def without(self, *names):
        for name in names:
            (self.bin / name).unlink()

    def check(self, *components, **variables):
        environment = {"PATH": str(self.bin), "JVM_ROOT": str(self.jvm), **variables}
        return subprocess.run(
            [str(SCRIPT), *(components or EVERYTHING)],
            env=environment, capture_output=True, text=True, check=False, timeout=30, cwd=self.home,
        )  # fmt: skip


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_a_machine_with_everything_passes_in_silence(machine):
    answer = machine.check()
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


@pytest.mark.parametrize("options", ["-Dfile.encoding=UTF-8", '-Dquoted="8"', "-javaagent:/opt/agent.jar -Da=b"])
def test_java_s_version_is_found_on_whichever_line_it_is(machine, options):
    assert machine.check(JAVA_TOOL_OPTIONS=options).returncode == 0


@pytest.mark.parametrize(
    ("offered", "package"),
    [
        (DEBIAN_12, "openjdk-17-jdk-headless"),
        (DEBIAN_13, "openjdk-21-jdk-headless"),
        (UBUNTU, "openjdk-21-jdk-headless"),
        ({}, "default-jdk-headless"),
    ],
)
def test_the_remedy_names_a_package_that_the_machine_offers(machine, offered, package):
    machine.packages(offered)
    machine.without("java", "javac")
    answer = machine.check()
    assert answer.returncode == 1
    assert "there is no java" in answer.stderr
    assert f"apt-get update && apt-get install -y --no-install-recommends {package}'" in answer.stderr


@pytest.mark.parametrize(
    ("version", "problem"), [("11.0.2", "java is version 11"), ("1.8.0_292", "version 8"), ("25.0.3", "version 25")]
)
def test_a_java_that_is_too_old_or_too_new_is_named(machine, version, problem):
    machine.java(machine.bin, version)
    answer = machine.check()
    assert answer.returncode == 1
    assert problem in answer.stderr
    assert "openjdk-17-jdk-headless" in answer.stderr


def test_a_runtime_without_a_compiler_is_not_enough(machine):
    machine.without("javac")
    assert "there is no javac: a runtime alone (JRE)" in machine.check().stderr


def test_the_right_one_of_several_jdks_is_pointed_to(machine):
    machine.java(machine.bin, "25.0.3")
    machine.java(machine.jvm / "temurin-25" / "bin", "25.0.3")
    machine.java(machine.jvm / "java-21-openjdk" / "bin", "21.0.8")
    machine.java(machine.jvm / "java-17-jre" / "bin", "17.0.8", compiler=False)
    answer = machine.check()
    assert answer.returncode == 1
    assert f"export JAVA_HOME={machine.jvm / 'java-21-openjdk'}\n" in answer.stderr
    assert machine.check(JAVA_HOME=str(machine.jvm / "java-21-openjdk")).returncode == 0


def test_a_java_home_that_does_not_do_is_named(machine):
    machine.java(machine.home / "old" / "bin", "11.0.1")
    answer = machine.check(JAVA_HOME=str(machine.home / "old"))
    assert answer.returncode == 1
    assert f"{machine.home / 'old'}/bin/java is version 11, where JAVA_HOME points to" in answer.stderr


def test_a_browser_that_is_a_snap_is_none(machine):
    machine.packages(UBUNTU)
    machine.program("chromium", 'exec /snap/bin/chromium "$@"')
    answer = machine.check()
    assert answer.returncode == 1
    assert "google-chrome-stable_current_amd64.deb" in answer.stderr
    assert machine.check("native", "airflow").returncode == 0
    machine.program("google-chrome", "exit 0")
    assert machine.check().returncode == 0


@pytest.mark.parametrize(
    ("system", "architecture", "told"),
    [("Linux", "aarch64", "apache-flink"), ("Darwin", "arm64", "this is Darwin; the native stack runs on Linux")],
)
def test_another_kind_of_machine_is_refused_at_once(machine, system, architecture, told):
    machine.program("uname", f'[ "$1" = -m ] && echo {architecture} || echo {system}')
    answer = machine.check()
    assert answer.returncode == 1
    assert told in answer.stderr


def test_a_colon_in_the_path_is_refused_at_once(machine):
    machine.home /= "a:b"
    machine.home.mkdir()
    answer = machine.check()
    assert answer.returncode == 1
    assert "has a colon" in answer.stderr


def test_root_installs_what_is_offered_after_the_lists_are_new(machine):
    machine.packages({})
    machine.without("java", "javac", "mvn")
    machine.program("id", "echo 0")
    lists = machine.home / "lists"
    machine.program("apt-cache", f'[ -f {lists} ] && [ "$2" = openjdk-21-jdk-headless ] && echo "  Candidate: 21.0.9"')
    machine.program("apt-get", f'echo "$@" >>{machine.home}/calls; [ "$1" != update ] || {{ : >{lists}; exit 0; }}\n'
                    f"cp -r {machine.home}/spare/* {machine.bin}/")  # fmt: skip
    (machine.bin / "cp").symlink_to(shutil.which("cp"))
    machine.java(machine.home / "spare", "21.0.9")
    machine.program("mvn", "exit 0", machine.home / "spare")
    answer = machine.check()
    assert answer.returncode == 0, answer.stderr
    assert "Installing what is missing on this machine: openjdk-21-jdk-headless maven" in answer.stderr
    calls = (machine.home / "calls").read_text().splitlines()
    assert calls == ["update", "install -y --no-install-recommends openjdk-21-jdk-headless maven"]
