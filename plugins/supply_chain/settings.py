"""Every setting of the platform: its name, type, bounds, default and meaning.

A setting is an environment variable or a line of the settings file (``.env`` at the top of the repository, or the file
that ``ENV_FILE`` names); the environment wins. The file is written by :mod:`supply_chain.settings_file` at the first
start and is the only place where secrets live. In containers they are files instead, below the folder that
``SECRETS_DIR`` names, and each container has those alone that it needs.
"""

from __future__ import annotations

import os
import socket
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from supply_chain import proxies
from supply_chain.orders.recipe import ProfileName
from supply_chain.plain_paths import PathError, plain

CLONE = Path(__file__).resolve().parents[2]
"""The folder of this clone."""


def _repository() -> Path:
    try:
        return plain(CLONE)
    except PathError as error:
        raise SystemExit(f"error: {error}") from None


REPOSITORY = _repository()
"""The folder of this clone, under a path that every program takes."""


PEOPLE = ("admin", "planner", "viewer")
"""The users of Airflow and of the dashboards; the setting ``NAME_PASSWORD`` has the password for both."""

FORMER_NAMES = {
    "AIRFLOW_ADMIN_PASSWORD": "ADMIN_PASSWORD",
    "SUPERSET_ADMIN_PASSWORD": "ADMIN_PASSWORD",
    "SUPERSET_VIEWER_PASSWORD": "VIEWER_PASSWORD",
    "AIRFLOW_VIEWER_PASSWORD": "VIEWER_PASSWORD",
}
"""Settings that have another name now. Where several have become one, the first that is there gives its value."""

LIVE_RATE = 5
"""Order lines a second that are sent where nobody asks for another rate."""


class SettingsError(ValueError):
    """One or more settings are unknown or malformed; the message lists all of them."""


def _none_if_empty(value: Any) -> Any:
    """Read ``NAME=`` in the settings file as "not set"."""
    return None if value == "" else value


def absolute(value: Any) -> Any:
    """Resolve a path against the directory the command was given in, as a shell user expects."""
    return Path(value).expanduser().absolute() if value else value


class _AbsentSecret(SecretStr):
    """A secret that was not given to this process; its value would be the setting's name."""

    def get_secret_value(self) -> str:
        """Complain."""
        name = super().get_secret_value()
        raise SettingsError(f"{name}: this process was not given it: there is no file {_secrets_dir()}/{name.lower()}")


Port = Annotated[int, Field(ge=1024, le=65_535)]
JavaMemory = Annotated[str, Field(pattern=r"^\d+[mg]$")]
OptionalDate = Annotated[date | None, BeforeValidator(_none_if_empty)]
OptionalProfile = Annotated[ProfileName | None, BeforeValidator(_none_if_empty)]
OptionalCount = Annotated[Annotated[int, Field(ge=1, le=64)] | None, BeforeValidator(_none_if_empty)]
OptionalSwitch = Annotated[bool | None, BeforeValidator(_none_if_empty)]
OptionalPath = Annotated[Path | None, BeforeValidator(absolute), BeforeValidator(_none_if_empty)]
StatePath = Annotated[Path, AfterValidator(plain), BeforeValidator(absolute)]
ReplayRate = Annotated[float, Field(gt=0, le=1_000_000)] | Literal["max"]


class Settings(BaseSettings):
    """The settings of one deployment, validated together.

    Secrets have no default: they come from the settings file that the first start generates.
    """

    model_config = SettingsConfigDict(env_file_encoding="utf-8", extra="forbid", frozen=True, hide_input_in_errors=True)

    # --- The data -----------------------------------------------------------------------------------------------
    dataset: OptionalPath = Field(
        None,
        description="Path of the DataCo CSV, plain or .gz. Empty: the platform generates orders of the same shape.",
    )
    generated_orders: int = Field(65_752, ge=1, description="Number of orders to generate if DATASET is empty.")
    generator_seed: int = Field(2015, ge=0, description="Seed number of the generated orders.")
    orders_profile: OptionalProfile = Field(
        None,
        description=(
            "Profile of the generated orders: `business` or `dataco`. Empty: the profile of the seeded orders, or "
            "`business` if there are none."
        ),
    )
    orders_endless: bool = Field(
        True,
        description=(
            "Whether the producer continues the orders of the profile `business` after the seeded ones, without end."
        ),
    )
    max_rejected_share: float = Field(
        0.05, ge=0, le=1, description="Share of bad rows above which seeding stops and publishes nothing."
    )

    # --- The replay ---------------------------------------------------------------------------------------------
    history_until: OptionalDate = Field(
        None,
        description=(
            "The producer sends order lines before this day at once. Empty: 30 days before the end of the seeded data."
        ),
    )
    replay_rate: ReplayRate = Field(
        LIVE_RATE,
        description=(
            "Order lines a second after HISTORY_UNTIL, or `max`. With `max`, endless orders arrive at 5 a second."
        ),
    )
    message_key: Literal["order_id", "order_day"] = Field(
        "order_id",
        description="Kafka key of an order line. `order_day` makes the current day a hot partition.",
    )

    # --- Planning -----------------------------------------------------------------------------------------------
    plan_every_days: int = Field(
        7, ge=1, le=90, description="Days of data after which the platform makes a new plan from the newest forecast."
    )
    forecast_every_days: int = Field(
        28, ge=1, le=365, description="Days of data after which the platform makes a new forecast, and a plan from it."
    )
    simulate_receipts: OptionalSwitch = Field(
        None,
        description=(
            "Whether the quantities that scheduled plans order arrive in stock after their lead time. Empty: only "
            "for generated orders, whose stores have no other supply."
        ),
    )

    # --- Where the parts are ------------------------------------------------------------------------------------
    state_dir: StatePath = Field(REPOSITORY / "var", description="Databases, logs and checkpoints of the native stack.")
    own_host: str = Field(
        "127.0.0.1",
        description=(
            "Host at which other parts reach the Flink TaskManager, Spark worker and Spark drivers of this "
            "machine. Empty: its host name."
        ),
    )
    tls_authority: OptionalPath = Field(
        None, description="CA certificate. Setting it turns on TLS between all parts. Empty: no TLS."
    )
    tls_identity: OptionalPath = Field(
        None, description="PEM file with the key and certificate of this part. Empty: the part serves no TLS."
    )
    postgres_host: str = Field("127.0.0.1", description="Host of PostgreSQL.")
    postgres_port: Port = Field(15_432, description="Port of PostgreSQL.")
    kafka_host: str = Field("127.0.0.1", description="Host of the Kafka broker.")
    kafka_port: Port = Field(19_092, description="Port of the Kafka broker.")
    kafka_servers: str = Field(
        "", description="Bootstrap servers of Kafka, `host:port,host:port`. Empty: KAFKA_HOST at KAFKA_PORT."
    )
    kafka_user: Literal["", "producer", "stream", "operator"] = Field(
        "", description="Kafka user as which this process authenticates. Empty: no authentication."
    )
    kafka_admin_identity: OptionalPath = Field(
        None,
        description=(
            "PEM file with the key and certificate of the Kafka administrator who creates users. Empty: no users."
        ),
    )
    kafka_controller_port: Port = Field(19_093, description="Port of the Kafka controller.")
    flink_host: str = Field("127.0.0.1", description="Host of the Flink JobManager.")
    flink_rest_port: Port = Field(8081, description="Port of the Flink web page and REST API.")
    flink_page: str = Field("", description="Address of Flink's page for browsers. Empty: its host and port.")
    flink_identity: OptionalPath = Field(
        None,
        description="PEM file with the key and certificate that Flink's REST API requires. Empty: no authentication.",
    )
    flink_rpc_port: Port = Field(16_123, description="Port on which TaskManagers reach the JobManager.")
    spark_master: str = Field(
        "",
        pattern=r"^$|^(spark://.+|local(\[(\*|\d+)\])?)$",
        description=(
            "Spark cluster that runs the forecasts, `spark://host:port` or `local[*]`. Empty: the cluster of this "
            "stack."
        ),
    )
    spark_host: str = Field("127.0.0.1", description="Host of the Spark master.")
    spark_master_port: Port = Field(17_077, description="Port of the Spark master.")
    spark_master_web_port: Port = Field(8083, description="Port of the Spark master's web page.")
    spark_page: str = Field(
        "", description="Address of the Spark master's page for browsers. Empty: its host and port."
    )
    spark_worker_web_port: Port = Field(8084, description="Port of the Spark worker's web page.")
    airflow_host: str = Field("127.0.0.1", description="Host of the Airflow web page and REST API.")
    airflow_port: Port = Field(8080, description="Port of the Airflow web page and REST API.")
    airflow_page: str = Field("", description="Address of Airflow's pages for browsers. Empty: its host and port.")
    superset_host: str = Field("127.0.0.1", description="Host of the dashboards (Superset).")
    superset_port: Port = Field(8088, description="Port of the dashboards.")
    superset_page: str = Field("", description="Address of the dashboards for browsers. Empty: their host and port.")
    superset_anonymous: bool = Field(False, description="Whether people without an account can see the dashboards.")

    # --- Alerts -------------------------------------------------------------------------------------------------
    alert_emails: str = Field(
        "",
        description="E-mail addresses that receive alerts and order lists, `a@example.com,b@example.com`. Empty: none.",
    )
    alert_webhook: str = Field(
        "",
        pattern=r"^$|^https?://\S+$",
        description='Webhook of a chat that receives alerts as `{"text": …}`. Empty: none.',
    )
    smtp_server: str = Field(
        "127.0.0.1:25", pattern=r"^[^\s:]+(:\d+)?$", description="Mail server for ALERT_EMAILS, `host:port`."
    )
    smtp_sender: str = Field("supply-chain@localhost", description="Sender of the e-mails.")
    smtp_user: str = Field("", description="User of the mail server, over TLS. Empty: no authentication.")
    smtp_password_file: OptionalPath = Field(None, description="File that contains the password of SMTP_USER.")

    # --- Sizes --------------------------------------------------------------------------------------------------
    kafka_heap: JavaMemory = Field("512m", description="Heap of the Kafka broker.")
    flink_jobmanager_memory: JavaMemory = Field("1024m", description="Process size of the Flink JobManager.")
    flink_taskmanager_memory: JavaMemory = Field("2048m", description="Process size of the Flink TaskManager.")
    spark_worker_cores: int = Field(
        2, ge=1, le=256, description="Number of tasks that the Spark worker runs in parallel."
    )
    spark_worker_memory: JavaMemory = Field("2g", description="Memory of the Spark worker for executors.")
    spark_executor_memory: JavaMemory = Field("768m", description="Heap of a Spark executor.")
    spark_driver_memory: JavaMemory = Field("512m", description="Heap of a Spark driver.")
    superset_workers: int = Field(2, ge=1, le=64, description="Number of processes that serve the dashboards.")
    postgres_shared_buffers: str = Field("256MB", pattern=r"^\d+(MB|GB)$", description="PostgreSQL's page cache.")
    orders_partitions: int = Field(
        2,
        ge=1,
        le=64,
        description="Partitions of the topic of order lines at its creation. An existing topic keeps its partitions.",
    )
    flink_parallelism: int = Field(2, ge=1, le=64, description="Parallelism of the Flink job.")
    flink_task_slots: OptionalCount = Field(
        None, description="Task slots of each Flink TaskManager. Empty: FLINK_PARALLELISM, for a single TaskManager."
    )
    checkpoint_interval_seconds: int = Field(5, ge=1, le=600, description="Time between Flink checkpoints.")
    recent_orders_kept: int = Field(
        500, ge=10, le=100_000, description="Number of latest order lines to keep per partition."
    )

    # --- Secrets, generated at the first start ------------------------------------------------------------------
    admin_password: SecretStr = Field(description="User `admin` of Airflow and the dashboards, who can do everything.")
    planner_password: SecretStr = Field(
        description="User `planner` of Airflow and the dashboards, who can forecast and plan."
    )
    viewer_password: SecretStr = Field(description="User `viewer` of Airflow and the dashboards, who can only read.")
    postgres_superuser_password: SecretStr = Field(
        description="PostgreSQL role `postgres`, which creates roles and databases."
    )
    owner_password: SecretStr = Field(description="PostgreSQL role of the migrations.")
    seeder_password: SecretStr = Field(description="PostgreSQL role of the seeding.")
    producer_password: SecretStr = Field(description="PostgreSQL role of the order producer.")
    stream_password: SecretStr = Field(description="PostgreSQL role of the Flink job.")
    operator_password: SecretStr = Field(description="PostgreSQL role of stream control and the ledger check.")
    forecaster_password: SecretStr = Field(description="PostgreSQL role of the forecasts.")
    reader_password: SecretStr = Field(description="PostgreSQL role that can only read.")
    kafka_producer_password: SecretStr = Field(description="Kafka user of the order producer.")
    kafka_stream_password: SecretStr = Field(description="Kafka user of the Flink job.")
    kafka_operator_password: SecretStr = Field(description="Kafka user of stream control and the ledger check.")
    spark_secret: SecretStr = Field(description="Shared secret with which Spark processes authenticate when TLS is on.")
    airflow_database_password: SecretStr = Field(description="PostgreSQL role of Airflow's metadata.")
    airflow_fernet_key: SecretStr = Field(description="Encrypts the secrets that Airflow stores.")
    airflow_jwt_secret: SecretStr = Field(description="Signs the tokens of Airflow's APIs.")
    airflow_secret_key: SecretStr = Field(description="Signs the sessions of Airflow's web page.")
    superset_database_password: SecretStr = Field(description="PostgreSQL role of Superset's metadata.")
    superset_secret_key: SecretStr = Field(description="Signs Superset's sessions and encrypts what it stores.")

    @model_validator(mode="after")
    def _give_no_port_twice(self) -> Self:
        owners: dict[tuple[str, int], str] = {}
        for name in PORTS:
            # The worker is on the machine itself, every other part where its own setting says.
            host = self.own_address if name.startswith("spark_worker") else getattr(self, f"{name.split('_')[0]}_host")
            owner = owners.setdefault((host, getattr(self, name)), name)
            if owner != name:
                raise ValueError(
                    f"{owner.upper()} and {name.upper()} are both {getattr(self, name)}: choose another port for one"
                )
        return self

    @property
    def receipts_are_simulated(self) -> bool:
        """Whether the orders of plans that the platform makes by itself arrive in stock."""
        return self.dataset is None if self.simulate_receipts is None else self.simulate_receipts

    @property
    def kafka_bootstrap_servers(self) -> str:
        """The address at which Kafka clients find the cluster."""
        return self.kafka_servers or f"{self.kafka_host}:{self.kafka_port}"

    @property
    def hosts(self) -> list[str]:
        """The hosts on which the deployment's parts are, as the settings name them."""
        named = [
            getattr(self, name) for name in type(self).model_fields if name.endswith("_host") and name != "own_host"
        ]
        brokers = [broker.rpartition(":")[0] for broker in self.kafka_servers.split(",")]
        return list(dict.fromkeys(host for host in (*named, *brokers, self.own_address) if host))

    @property
    def kafka_password(self) -> str:
        """The password of this process's user of Kafka."""
        password: SecretStr = getattr(self, f"kafka_{self.kafka_user}_password")
        return password.get_secret_value()

    def password_of(self, person: str) -> str:
        """Return the password of one of :data:`PEOPLE`."""
        password: SecretStr = getattr(self, f"{person}_password")
        return password.get_secret_value()

    @property
    def own_address(self) -> str:
        """The host at which other parts reach the workers of this machine."""
        return self.own_host or socket.gethostname()

    @property
    def web_scheme(self) -> str:
        """How pages and REST APIs are spoken to."""
        return "https" if self.tls_authority else "http"

    @property
    def flink_rest_url(self) -> str:
        """The address of the Flink REST API, without a trailing slash."""
        return f"{self.web_scheme}://{self.flink_host}:{self.flink_rest_port}"

    @property
    def flink_page_url(self) -> str:
        """The address of Flink's web page for people, without a trailing slash."""
        return self.flink_page.rstrip("/") or self.flink_rest_url

    @property
    def spark_url(self) -> str:
        """The address of the Spark master's web page for the other parts, without a trailing slash."""
        return f"{self.web_scheme}://{self.spark_host}:{self.spark_master_web_port}"

    @property
    def spark_page_url(self) -> str:
        """The address of the Spark master's web page for people, without a trailing slash."""
        return self.spark_page.rstrip("/") or self.spark_url

    @property
    def airflow_url(self) -> str:
        """The address of Airflow for the other parts, without a trailing slash."""
        return f"{self.web_scheme}://{self.airflow_host}:{self.airflow_port}"

    @property
    def airflow_page_url(self) -> str:
        """The address of Airflow for people, without a trailing slash."""
        return self.airflow_page.rstrip("/") or self.airflow_url

    @property
    def superset_url(self) -> str:
        """The address of the dashboards for the other parts, without a trailing slash."""
        return f"{self.web_scheme}://{self.superset_host}:{self.superset_port}"

    @property
    def superset_page_url(self) -> str:
        """The address of the dashboards for people, without a trailing slash."""
        return self.superset_page.rstrip("/") or self.superset_url

    def session_cookie(self, application: Literal["airflow", "superset"]) -> str:
        """Return the name of the cookie by which an application knows who is logged in.

        A browser sends a host's cookies to every port of it: by the port in the name neither the other application nor
        another deployment overwrites it.
        """
        address = urlsplit(getattr(self, f"{application}_page_url"))
        return f"{application}_session_{address.port or address.scheme}"

    @property
    def checkpoint_root(self) -> Path:
        """The folder below which Flink keeps the checkpoints and savepoints of every source."""
        return self.state_dir / "flink" / "checkpoints"


PORTS = tuple(name for name in Settings.model_fields if name.endswith("_port"))
"""The settings that are ports on which a part listens."""


def env_file() -> Path:
    """Return the path of the settings file: ``ENV_FILE``, or ``.env`` at the top of the repository."""
    return Path(os.environ.get("ENV_FILE") or CLONE / ".env").absolute()


def _secrets_dir() -> Path | None:
    """Return the folder that holds a file for each secret of this process, or None where ``.env`` holds them."""
    folder = os.environ.get("SECRETS_DIR")
    return Path(folder) if folder else None


def _blank_lines(text: str) -> int:
    """Return how many empty lines a text begins with."""
    return text[: len(text) - len(text.lstrip())].count("\n")


def _check_lines(path: Path) -> None:
    """Refuse a settings file with lines that its reader would pass over in silence.

    Raises:
        SettingsError: naming the lines. What stands in them is not shown, as it may be a secret.
    """
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as file:
        bindings = list(parse_stream(file))
    wrong = [
        binding.original.line + _blank_lines(binding.original.string)
        for binding in bindings
        if binding.error or (binding.key is not None and binding.value is None)
    ]
    if wrong:
        listed = ", ".join(str(number) for number in wrong)
        raise SettingsError(
            f"{path}, line {listed}: not of the form NAME=value; complete it, close its quotes, or remove it"
        )


def load_settings(**overrides: Any) -> Settings:
    """Read and validate the settings, and except the deployment's hosts from the proxies of this process.

    Whoever talks to a part knows its address from here, so that no program can forget the exception.

    Args:
        overrides: values that win over the environment and the settings file, by field name.

    Raises:
        SettingsError: naming every unknown or malformed setting, and what is allowed in its place, or every line of
            the settings file that is none.
    """
    path, secrets = env_file(), _secrets_dir()
    _check_lines(path)
    absent: dict[str, Any] = {}
    if secrets:
        required = {name for name, field in Settings.model_fields.items() if field.is_required()}
        absent = {name: _AbsentSecret(name.upper()) for name in required if not (secrets / name).exists()}
    try:
        settings = Settings(_env_file=path, _secrets_dir=secrets, **absent, **overrides)
    except ValidationError as error:
        problems = []
        for item in error.errors():
            name = str(item["loc"][0]).upper() if item["loc"] else "settings"
            if item["type"] == "extra_forbidden" and name in FORMER_NAMES:
                problems.append(f"{name}: its name is {FORMER_NAMES[name]} now; `make up` changes it in {path}")
            elif item["type"] == "extra_forbidden":
                problems.append(f"{name}: no such setting; remove it or correct its name")
            elif item["type"] == "missing":
                problems.append(f"{name}: missing; `make up` writes it to {path}")
            else:
                problems.append(f"{name}: {item['msg']}")
        listed = "\n  ".join(dict.fromkeys(problems))
        raise SettingsError(f"settings (environment, {path}):\n  {listed}") from None
    proxies.bypass(settings.hosts)
    return settings
