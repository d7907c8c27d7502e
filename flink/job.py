"""The stream's job: Kafka is read once, every table is written by SQL, no Python runs on the way.

What the job does stands in ``sql/``: definitions (functions, tables, views) in the order of their names, then the
inserts, which run as one statement set. This program fills in the parameters, sets the options, and submits.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from string import Template

from pyflink.common import Configuration
from pyflink.table import EnvironmentSettings, TableEnvironment

OPTIONS = {
    "table.local-time-zone": "UTC",
    # Rows are handed from operator to operator as they are; none of them keeps its input.
    "pipeline.object-reuse": "true",
    # One block for what several inserts share, so that the topic is read and each message checked once.
    "table.optimizer.reuse-optimize-block-with-digest-enabled": "true",
    # Order lines are summed in batches before and after they are sent to where a group is kept. A batch ends with a
    # watermark, hence with the clock (see orders_topic), or when it is full.
    "pipeline.auto-watermark-interval": "500 ms",
    "table.exec.mini-batch.enabled": "true",
    "table.exec.mini-batch.allow-latency": "10 ms",
    "table.exec.mini-batch.size": "10000",
    "table.optimizer.agg-phase-strategy": "TWO_PHASE",
    # A rejected message has one row for ever, whichever of its copies is written last.
    "table.exec.sink.require-on-conflict": "false",
    "table.exec.sink.upsert-materialize": "NONE",
}


def main() -> None:
    """Submit the job with the parameters of the command line."""
    arguments = _arguments()
    parameters = dict(arguments.parameter)
    environment = _environment(parameters)
    for definition in _statements(arguments.sql / "definitions", parameters):
        environment.execute_sql(definition)
    inserts = environment.create_statement_set()
    for insert in _statements(arguments.sql / "inserts", parameters):
        inserts.add_insert_sql(insert)
    inserts.execute()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sql", required=True, type=Path, help="folder of the statements")
    parser.add_argument(
        "--parameter",
        action="append",
        default=[],
        type=lambda text: text.split("=", 1),
        metavar="NAME=VALUE",
        help="fills in ${NAME} in the statements; parallelism, checkpoint_directory and job_name are options",
    )
    return parser.parse_args()


def _environment(parameters: dict[str, str]) -> TableEnvironment:
    # What the compiled functions and the REST API can read; quoted, since the option's own separator is a colon.
    job_parameters = {
        "database-url": parameters["database_url"],
        "checkpoint-directory": parameters["checkpoint_directory"],
    }
    options = OPTIONS | {
        "pipeline.name": parameters["job_name"],
        "parallelism.default": parameters["parallelism"],
        "execution.checkpointing.dir": parameters["checkpoint_directory"],
        "pipeline.global-job-parameters": ",".join(f"{name}:'{value}'" for name, value in job_parameters.items()),
    }
    configuration = Configuration()
    for option, value in options.items():
        configuration.set_string(option, value)
    settings = EnvironmentSettings.new_instance().in_streaming_mode().with_configuration(configuration).build()
    return TableEnvironment.create(settings)


def _statements(folder: Path, parameters: dict[str, str]) -> list[str]:
    files = sorted(folder.glob("*.sql"))
    return [Template(file.read_text(encoding="utf-8")).substitute(parameters) for file in files]


if __name__ == "__main__":
    main()
