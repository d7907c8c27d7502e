#!/usr/bin/env bash
# Makes the certificates of compose.secure.yaml in .secrets: an authority of the deployment's own, and by it one for
# PostgreSQL, one for the brokers, and one for who makes Kafka's users. What is there already stays.
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

# Usage: identity NAME COMMON_NAME HOST...   writes NAME: key and certificate in one file
identity() {
    [ -f "$1" ] && return
    local names
    names=$(printf 'DNS:%s,' "${@:3}")
    ec "$1.key"
    openssl req -new -key "$1.key" -subj "/CN=$2" |
        openssl x509 -req -CA tls_authority -CAkey authority.key -CAcreateserial -days "$DAYS" -out "$1.crt" \
            -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth\n' "${names%,}") 2>/dev/null
    cat "$1.key" "$1.crt" >"$1"
    rm "$1.key" "$1.crt"
}

identity postgres_identity postgres postgres
identity kafka_identity broker kafka kafka-2 kafka-3
identity kafka_admin_identity admin kafka-users
# The folder is its owner's alone; inside a container the files are read by another user.
chmod 444 tls_authority ./*_identity
echo "certificates are in .secrets, valid for $DAYS days"
