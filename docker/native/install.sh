#!/usr/bin/env bash
# Installs what the native stack needs below .build: one environment per lock, and the Java parts.
# Usage: install.sh COMPONENT...   (components: native airflow flink spark superset tests)
# A component whose lock did not change is left alone, so that a second run takes a moment.
set -euo pipefail
cd "$(dirname "$0")/../.."

PYTHON_VERSION=3.11
BUILD=$PWD/.build
UV=$BUILD/uv/bin/uv
# Where uv puts a Python that it fetches: nothing is installed outside of this folder.
export UV_PYTHON_INSTALL_DIR=$BUILD/python

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

ensure_python() {
    "$UV" python find --quiet "$PYTHON_VERSION" >/dev/null 2>&1 && return
    say "Fetching Python $PYTHON_VERSION"
    "$UV" python install "$PYTHON_VERSION" ||
        fail "Python $PYTHON_VERSION is needed, which this machine does not have ($(python3 --version 2>&1)) and uv could not fetch (see above).
  Debian 12: sudo apt-get install python3.11
  Ubuntu: sudo add-apt-repository ppa:deadsnakes/ppa, then: sudo apt-get install python3.11
  elsewhere, and on Debian 13: pyenv install $PYTHON_VERSION, with ~/.pyenv/versions/$PYTHON_VERSION.*/bin on PATH"
}

ensure_uv() {
    local lock=docker/native/uv.txt
    up_to_date "$BUILD/uv" "$lock" && return
    say "Installing uv"
    rm -rf "$BUILD/uv"
    python3 -m venv "$BUILD/uv"
    "$BUILD/uv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
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

# Prints the options by which Maven goes by the proxy that everything else finds in HTTPS_PROXY: it reads only its own settings.
maven_proxy() {
    local proxy=${https_proxy:-${HTTPS_PROXY:-}} options=${MAVEN_OPTS:-}
    [[ $proxy =~ ^(http://)?([A-Za-z0-9.-]+):([0-9]+)/?$ && $options != *proxyHost* ]] || return 0
    echo "-Dhttps.proxyHost=${BASH_REMATCH[2]} -Dhttps.proxyPort=${BASH_REMATCH[3]}" \
        "-Dhttp.proxyHost=${BASH_REMATCH[2]} -Dhttp.proxyPort=${BASH_REMATCH[3]}" \
        "-Daether.connector.http.useSystemProperties=true"
}

install_jars() {
    local sources
    mapfile -t sources < <(find docker/pom.xml docker/kafka/pom.xml docker/jars.sha256 flink/pom.xml flink/src/main -type f | LC_ALL=C sort)
    up_to_date "$BUILD/jars" "${sources[@]}" && return
    say "Fetching the jars of Kafka and Flink, compiling the stream's functions"
    rm -rf "$BUILD/jars"
    MAVEN_OPTS="${MAVEN_OPTS:-} $(maven_proxy)" mvn -B -q -f docker/pom.xml package ||
        fail "Maven ended with an error (see above); where a proxy asks for a password, name it in ~/.m2/settings.xml"
    (cd "$BUILD/jars" && sha256sum --check --strict --quiet ../../docker/jars.sha256) ||
        fail "a fetched jar is not the one that docker/jars.sha256 names; after a change of a pom.xml run: make lock"
    mark "$BUILD/jars" "${sources[@]}"
}

docker/native/prerequisites.sh "$@"
mkdir -p "$BUILD/venv"
ensure_uv
ensure_python
for component in "$@"; do install_environment "$component"; done
install_jars
