#!/usr/bin/env bash
# Resolves every lock again from its requirements.in, as of one day, and the hashes of the jars from the pom files.
# Usage: lock.sh [DAY]   (a later day brings newer releases)
set -euo pipefail
cd "$(dirname "$0")/../.."

DAY=${1:-2026-11-21}
PYTHON_VERSION=3.11

# Superset leaves its requirements open, and releases after its own have broken it.
SUPERSET_DAY=2026-05-15

compile() { compile_as_of "$DAY" "$@"; }
compile_as_of() {
    .build/uv/bin/uv pip compile --quiet --python-version "$PYTHON_VERSION" --exclude-newer "$1" --generate-hashes \
        --no-emit-index-url --custom-compile-command "make lock" "${@:2}"
}

compile docker/native/uv.in -o docker/native/uv.txt
for folder in . flink spark_jobs docker/native; do
    compile "$folder/requirements.in" -o "$folder/requirements.txt"
done
compile_as_of "$SUPERSET_DAY" superset/requirements.in -o superset/requirements.txt
# The tests run beside the platform's own code: the same releases where both have a package.
compile -c requirements.txt -c docker/native/requirements.txt -c spark_jobs/requirements.txt tests/requirements.in -o tests/requirements.txt

# What Maven fetched; the function jar is ours and changes with its source.
(cd .build/jars && find . -name '*.jar' ! -name 'stream-functions-*' | LC_ALL=C sort | xargs sha256sum) >docker/jars.sha256
