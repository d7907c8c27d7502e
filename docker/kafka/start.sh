#!/usr/bin/env bash
# Becomes a broker: fills in its configuration from the environment, formats its folder where that is new, starts it.
set -euo pipefail
configuration=/tmp/kafka.properties
text=$(</opt/supply-chain/server.properties)
if [ -n "${KAFKA_BROKER_PORT:-}" ]; then
    # Of a property that is there twice the second counts.
    text+=$'\n'$(</opt/supply-chain/secure.properties)
    # As a broker, for the tools of this container.
    grep '^ssl\.' /opt/supply-chain/secure.properties >/tmp/tools.properties
    echo security.protocol=SSL >>/tmp/tools.properties
fi
while [[ $text =~ \$\{([A-Z_]+)\} ]]; do
    name=${BASH_REMATCH[1]}
    text=${text//"\${$name}"/${!name:?"$name is not set"}}
done
printf '%s\n' "$text" >"$configuration"
/opt/kafka/bin/kafka-storage.sh format --ignore-formatted --cluster-id="$KAFKA_CLUSTER_ID" --config "$configuration"
export KAFKA_HEAP_OPTS="-Xms$KAFKA_HEAP -Xmx$KAFKA_HEAP"
export KAFKA_LOG4J_OPTS="-Dlog4j2.configurationFile=file:/opt/supply-chain/log4j2.yaml"
exec /opt/kafka/bin/kafka-server-start.sh "$configuration"
