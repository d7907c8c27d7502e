#!/usr/bin/env bash
# Makes the secrets of a deployment in containers: lines of .env, and from them a file each in .secrets, which Compose
# mounts into the containers that need it. What is there already stays, so that it can be run again at any time.
# Usage: docker/secrets.sh
set -euo pipefail
cd "$(dirname "$0")/.."

NAMES=(
    ADMIN_PASSWORD PLANNER_PASSWORD VIEWER_PASSWORD
    POSTGRES_SUPERUSER_PASSWORD OWNER_PASSWORD SEEDER_PASSWORD PRODUCER_PASSWORD STREAM_PASSWORD OPERATOR_PASSWORD
    FORECASTER_PASSWORD READER_PASSWORD KAFKA_PRODUCER_PASSWORD KAFKA_STREAM_PASSWORD KAFKA_OPERATOR_PASSWORD
    SPARK_SECRET AIRFLOW_DATABASE_PASSWORD AIRFLOW_FERNET_KEY AIRFLOW_JWT_SECRET AIRFLOW_SECRET_KEY
    SUPERSET_DATABASE_PASSWORD SUPERSET_SECRET_KEY
)

# Settings that have another name now: the first that is there gives its value.
FORMER_NAMES=(
    AIRFLOW_ADMIN_PASSWORD=ADMIN_PASSWORD SUPERSET_ADMIN_PASSWORD=ADMIN_PASSWORD
    SUPERSET_VIEWER_PASSWORD=VIEWER_PASSWORD AIRFLOW_VIEWER_PASSWORD=VIEWER_PASSWORD
)

# Prints so many random bytes in the alphabet of URLs; Airflow's two keys have lengths of their own.
random() { head -c "$1" /dev/urandom | base64 --wrap=0 | tr '+/' '-_'; }
new_secret() {
    case $1 in
        AIRFLOW_FERNET_KEY) random 32 ;;
        AIRFLOW_JWT_SECRET) random 66 ;;
        *) random 24 ;;
    esac
}

# Prints the value that .env gives a name, whether or not a person wrote `export` before it or quotes around it.
value_of() {
    sed -nE "s/^[[:space:]]*(export[[:space:]]+)?$1[[:space:]]*=[[:space:]]*//p" .env | tail -n 1 |
        sed -E "s/[[:space:]]+#.*\$//; s/[[:space:]]+\$//; s/^'(.*)'\$/\1/; s/^\"(.*)\"\$/\1/"
}

umask 077
touch .env
# A last line that is not ended would take in what is added.
[ -z "$(tail -c 1 .env)" ] || echo >>.env
mkdir -p .secrets
for pair in "${FORMER_NAMES[@]}"; do
    former=${pair%=*} name=${pair#*=}
    [ -n "$(value_of "$former")" ] || continue
    [ -n "$(value_of "$name")" ] || echo "$name=$(value_of "$former")" >>.env
    sed -i -E "/^[[:space:]]*(export[[:space:]]+)?$former[[:space:]]*=/d" .env
    rm -f ".secrets/${former,,}"
    echo "$former is gone from .env: $name takes its place, for Airflow and the dashboards"
done
for name in "${NAMES[@]}"; do
    [ -n "$(value_of "$name")" ] || echo "$name=$(new_secret "$name")" >>.env
    # The folder is its owner's alone; inside a container the file is read by another user.
    file=.secrets/${name,,}
    printf %s "$(value_of "$name")" >"$file.new"
    chmod 444 "$file.new"
    mv -f "$file.new" "$file"
done
echo "secrets are in .env and .secrets"
