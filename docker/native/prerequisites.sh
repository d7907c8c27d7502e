#!/usr/bin/env bash
# Sees, before anything is installed below .build, that this machine has what the native stack needs. As root on Debian or
# Ubuntu it installs what is missing; elsewhere it says what is missing and how to get it.
# Usage: prerequisites.sh COMPONENT...   (components: native airflow flink spark superset tests)
set -euo pipefail

# The least that Kafka, Flink and Spark need, and the newest that all of them run on: Flink 2.3 gives Java an option
# (java.security.manager) that Java refuses from 24 on.
OLDEST_JAVA=17
NEWEST_JAVA=23
JDKS=(openjdk-21-jdk-headless openjdk-17-jdk-headless)
JVM_ROOT=${JVM_ROOT:-/usr/lib/jvm}

fail() { printf 'error: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
components=" $* "
wants() { [[ $components == *" $1 "* ]]; }

# Prints the major version of a java program, on whichever line it says it: JAVA_TOOL_OPTIONS makes it name those first.
java_major() { "$1" -version 2>&1 | sed -nE 's/^[a-z]+ version "(1\.)?([0-9]+).*/\2/p' | head -n 1; }
suits() { [[ $1 =~ ^[0-9]+$ ]] && [ "$1" -ge "$OLDEST_JAVA" ] && [ "$1" -le "$NEWEST_JAVA" ]; }

# Prints what is wrong with the JDK that JAVA_HOME names, or else with that on PATH; nothing where it is right.
java_problem() {
    local folder=${JAVA_HOME:+$JAVA_HOME/bin/} major
    have "${folder}java" || { echo "there is no ${folder}java"; return; }
    major=$(java_major "${folder}java")
    suits "$major" || { echo "${folder}java is version ${major:-unknown}"; return; }
    have "${folder}javac" || echo "there is no ${folder}javac: a runtime alone (JRE) cannot compile the stream's functions"
}

# Prints the folders of those JDKs on this machine that are right.
right_jdks() {
    local home
    for home in "$JVM_ROOT"/*; do
        if [ ! -L "$home" ] && [ -x "$home/bin/javac" ] && suits "$(java_major "$home/bin/java")"; then echo "$home"; fi
    done
}

# Says whether a package can be had here. Those of Ubuntu that do nothing but install a snap do not count.
offered() {
    local candidate
    candidate=$(apt-cache policy "$1" 2>/dev/null | sed -nE 's/^ *Candidate: *//p')
    [[ -n $candidate && $candidate != "(none)" && $candidate != *snap* ]]
}

jdk_package() {
    local name
    for name in "${JDKS[@]}"; do
        if offered "$name"; then echo "$name"; return; fi
    done
    echo default-jdk-headless
}

# Says whether there is a browser that tests can drive; one that is a snap can see neither their files nor their profile.
has_browser() {
    local name path
    for name in chromium google-chrome; do
        path=$(command -v "$name") && path=$(readlink -f "$path") || continue
        if [[ $path == /snap/* || $path == */bin/snap ]] || grep -qs /snap/bin/ <(head -c 2000 "$path" | tr -d '\0'); then continue; fi
        return 0
    done
    return 1
}

# Prints the packages that are missing, one a line.
missing_packages() {
    [ -z "$(java_problem)" ] || jdk_package
    have mvn || echo maven
    have setpriv && have unshare || echo util-linux
    have python3 && python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    if wants tests; then
        if ! has_browser && offered chromium; then echo chromium; fi
        have fc-list && [ -n "$(fc-list)" ] || { echo fontconfig; echo fonts-dejavu-core; }
    fi
}

check_platform() {
    [ "$(uname -s)" = Linux ] || fail "this is $(uname -s); the native stack runs on Linux. Elsewhere run it in containers: docs/deployment.md"
    if [ "$(uname -m)" != x86_64 ] && wants flink; then
        fail "this machine is $(uname -m): the package apache-flink, which the Flink job needs, is made for Linux on x86-64 alone
  (every other package of the locks is there for aarch64 too); use an x86-64 machine, or containers with --platform linux/amd64"
    fi
    [[ $PWD != *:* ]] || fail "the path $PWD has a colon, at which Python and Java divide lists of folders; move the repository"
}

check_java() {
    local problem jdks
    problem=$(java_problem)
    [ -n "$problem" ] || return 0
    mapfile -t jdks < <(right_jdks)
    if [ "${#jdks[@]}" -gt 0 ]; then
        fail "$problem; a JDK from $OLDEST_JAVA to $NEWEST_JAVA is needed, and this machine has one: export JAVA_HOME=${jdks[-1]}"
    elif [ -n "${JAVA_HOME:-}" ]; then
        fail "$problem, where JAVA_HOME points to; a JDK from $OLDEST_JAVA to $NEWEST_JAVA is needed. Install one
  (on Debian or Ubuntu: $(jdk_package)) and point JAVA_HOME to it, or unset JAVA_HOME"
    fi
}

ensure_packages() {
    local missing names problem remedy root=""
    [ "$(id -u)" -ne 0 ] || ! have apt-get || root=yes
    mapfile -t missing < <(missing_packages)
    [ "${#missing[@]}" -gt 0 ] || return 0
    if [ -n "$root" ]; then
        # Which names there are is known only after this.
        apt-get update >/dev/null || fail "this command failed: apt-get update"
        mapfile -t missing < <(missing_packages)
    fi
    names="${missing[*]}"
    remedy="apt-get install -y --no-install-recommends $names"
    if [ -n "$root" ]; then
        printf '\033[1mInstalling what is missing on this machine: %s\033[0m\n' "$names" >&2
        DEBIAN_FRONTEND=noninteractive sh -c "$remedy" >/dev/null || fail "this command failed: $remedy"
        mapfile -t missing < <(missing_packages)
        [ "${#missing[@]}" -eq 0 ] || fail "still missing after $remedy: ${missing[*]} ($(java_problem))"
    else
        problem=$(java_problem)
        fail "missing on this machine: $names${problem:+ ($problem)}
  install it on Debian or Ubuntu with: sudo sh -c 'apt-get update && $remedy'
  elsewhere: a JDK from $OLDEST_JAVA to $NEWEST_JAVA, Maven, util-linux (setpriv, unshare), Python 3 with venv"
    fi
}

check_browser() {
    wants tests && ! has_browser || return 0
    fail "there is no browser for the tests: this machine's packages have Chromium as a snap, which tests cannot drive. Install Google Chrome:
  https://dl.google.com/linux/direct/google-chrome-stable_current_amd64.deb, then: sudo apt-get install ./google-chrome-stable_current_amd64.deb"
}

check_platform
check_java
ensure_packages
check_browser
