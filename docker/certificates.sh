#!/usr/bin/env bash
# Makes the certificates of compose.secure.yaml in .secrets: an authority of the deployment's own, and by it one for
# every server, and for who makes Kafka's users and who controls Flink. What is there already stays.
# Usage: docker/certificates.sh
set -euo pipefail
cd "$(dirname "$0")/.."

DAYS=825
umask 077
mkdir -p .secrets
cd .secrets

ec() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

if [ ! -f tls_authority ]; then
    ec authority.key
    openssl req -new -x509 -key authority.key -days "$DAYS" -subj "/CN=supply-chain authority" -out tls_authority
fi

# Usage: identity NAME COMMON_NAME PURPOSES HOST...   writes NAME: key and certificate in one file
identity() {
    [ -f "$1" ] && return
    local names
    names=$(printf 'DNS:%s,' "${@:4}")
    ec "$1.key"
    openssl req -new -key "$1.key" -subj "/CN=$2" |
        openssl x509 -req -CA tls_authority -CAkey authority.key -CAcreateserial -days "$DAYS" -out "$1.crt" \
            -extfile <(printf 'subjectAltName=%sIP:127.0.0.1\nextendedKeyUsage=%s\n' "$names" "$3") 2>/dev/null
    cat "$1.key" "$1.crt" >"$1"
    rm "$1.key" "$1.crt"
}

identity postgres_identity postgres serverAuth postgres
identity kafka_identity broker serverAuth,clientAuth kafka kafka-2 kafka-3
identity kafka_admin_identity admin clientAuth kafka-users
identity flink_cluster_identity flink-cluster serverAuth,clientAuth jobmanager taskmanager
identity flink_identity flink serverAuth,clientAuth jobmanager localhost
identity spark_identity spark serverAuth spark-master localhost
identity airflow_identity airflow serverAuth api-server localhost
identity superset_identity superset serverAuth superset localhost
# The folder is its owner's alone; inside a container the files are read by another user.
chmod 444 tls_authority ./*_identity
echo "certificates are in .secrets, valid for $DAYS days"
