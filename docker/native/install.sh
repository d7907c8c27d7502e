#!/usr/bin/env bash
# Installs what the native stack needs below .build: one environment per lock, and the Java parts.
# Usage: install.sh COMPONENT...   (components: native airflow flink spark superset tests)
# A component whose lock did not change is left alone, so that a second run takes a moment.
set -euo pipefail
cd "$(dirname "$0")/../.."

PYTHON_VERSION=3.11
BUILD=$PWD/.build
UV=$BUILD/uv/bin/uv

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

java_major() { java -version 2>&1 | sed -nE '1s/.*"([0-9]+).*/\1/p'; }

# Prints the Debian packages that are missing, one a line.
missing_packages() {
    have javac && [ "$(java_major)" -ge 17 ] || echo openjdk-17-jdk-headless
    have mvn || echo maven
    have setpriv && have unshare || echo util-linux
    have python3 && python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    if [[ " $* " == *" tests "* ]]; then
        have chromium || have google-chrome || echo chromium
        have fc-list && [ -n "$(fc-list)" ] || { echo fontconfig; echo fonts-dejavu-core; }
    fi
}

ensure_prerequisites() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -eq 0 ] && return
    local remedy="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
    if [ "$(id -u)" -eq 0 ] && have apt-get; then
        say "Installing what is missing on this machine: ${missing[*]}"
        DEBIAN_FRONTEND=noninteractive sh -c "$remedy" >/dev/null || fail "this command failed: $remedy"
    else
        fail "missing on this machine: ${missing[*]}
  install them on Debian or Ubuntu with: sudo sh -c '$remedy'
  elsewhere: a JDK 17 or newer, Maven, util-linux (setpriv, unshare), Python 3 with venv"
    fi
}

ensure_uv() {
    local lock=docker/native/uv.txt
    up_to_date "$BUILD/uv" "$lock" && return
    say "Installing uv"
    rm -rf "$BUILD/uv"
    python3 -m venv "$BUILD/uv"
    "$BUILD/uv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    mark "$BUILD/uv" "$lock"
}

fingerprint() { cat "$@" | sha256sum | cut -d' ' -f1; }
up_to_date() { [ -f "$1/.lock" ] && [ "$(cat "$1/.lock")" = "$(fingerprint "${@:2}")" ]; }
mark() { fingerprint "${@:2}" >"$1/.lock"; }

lock_of() {
    case $1 in
        native) echo docker/native/requirements.txt ;;
        airflow) echo requirements.txt ;;
        flink) echo flink/requirements.txt ;;
        spark) echo spark_jobs/requirements.txt ;;
        superset) echo superset/requirements.txt ;;
        tests) echo tests/requirements.txt ;;
        *) fail "no such component: $1 (native, airflow, flink, spark, superset, tests)" ;;
    esac
}

install_environment() {
    local name=$1 lock environment=$BUILD/venv/$1
    lock=$(lock_of "$name")
    up_to_date "$environment" "$lock" && return
    say "Installing the environment $name"
    [ -x "$environment/bin/python" ] || "$UV" venv --quiet --python "$PYTHON_VERSION" "$environment"
    VIRTUAL_ENV=$environment "$UV" pip sync --quiet --require-hashes "$lock"
    mark "$environment" "$lock"
}

install_jars() {
    local sources
    mapfile -t sources < <(find docker/pom.xml docker/kafka/pom.xml docker/jars.sha256 flink/pom.xml flink/src/main -type f | LC_ALL=C sort)
    up_to_date "$BUILD/jars" "${sources[@]}" && return
    say "Fetching the jars of Kafka and Flink, compiling the stream's functions"
    rm -rf "$BUILD/jars"
    mvn -B -q -f docker/pom.xml package
    (cd "$BUILD/jars" && sha256sum --check --strict --quiet ../../docker/jars.sha256) ||
        fail "a fetched jar is not the one that docker/jars.sha256 names; after a change of a pom.xml run: make lock"
    mark "$BUILD/jars" "${sources[@]}"
}

ensure_prerequisites "$@"
mkdir -p "$BUILD/venv"
ensure_uv
for component in "$@"; do install_environment "$component"; done
install_jars
