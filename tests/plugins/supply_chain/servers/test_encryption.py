"""What the parts are configured with where they encrypt, and what they are without it."""

from __future__ import annotations

import shutil
import subprocess

import pytest
import yaml

from supply_chain.servers import airflow, flink, spark, superset
from supply_chain.servers.keystore import fingerprint, write_keystore
from supply_chain.servers.parts import PARTS
from supply_chain.settings import REPOSITORY, SettingsError, load_settings
from supply_chain.spark import configuration_dir, submit_command


def openssl(*arguments: str) -> str:
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """The folder in which the script that makes the certificates has left them."""
    deployment = tmp_path_factory.mktemp("deployment")
    (deployment / "docker").mkdir()
    script = shutil.copy(REPOSITORY / "docker" / "certificates.sh", deployment / "docker")
    subprocess.run([script], check=True, capture_output=True)
    return deployment / ".secrets"


@pytest.fixture
def encrypted(settings, certificates):
    paths = {
        "tls_authority": certificates / "tls_authority",
        "tls_identity": certificates / "spark_identity",
        "flink_identity": certificates / "flink_identity",
    }
    return load_settings(**paths)


def test_certificates_are_made_once_by_their_authority(certificates):
    identities = sorted(certificates.glob("*_identity"))
    assert len(identities) == 8
    for identity in identities:
        openssl("verify", "-CAfile", str(certificates / "tls_authority"), str(identity))
    assert certificates.stat().st_mode & 0o777 == 0o700
    before = [identity.read_text() for identity in identities]
    subprocess.run([certificates.parent / "docker" / "certificates.sh"], check=True, capture_output=True)
    assert [identity.read_text() for identity in identities] == before


def test_a_keystore_has_a_password_of_its_own_and_an_owner(certificates, tmp_path):
    identity = certificates / "spark_identity"
    passwords = [write_keystore(identity, tmp_path / name) for name in ("one", "other")]
    assert len(set(passwords)) == 2
    assert (tmp_path / "one").stat().st_mode & 0o077 == 0
    told = openssl("pkcs12", "-in", str(tmp_path / "one"), "-passin", f"pass:{passwords[0]}", "-nodes")
    assert identity.read_text().splitlines()[1] in told


def test_a_browser_can_be_given_flinks_certificate(certificates):
    """By the command of docs/deployment.md, which asks for a password twice."""
    command = "openssl pkcs12 -export -in .secrets/flink_identity -out flink.p12"
    subprocess.run(
        command.split(),
        cwd=certificates.parent,
        input="chosen\nchosen\n",
        text=True,
        check=True,
        capture_output=True,
        start_new_session=True,  # Without a terminal of ours, which it would ask first.
    )
    told = openssl("pkcs12", "-in", str(certificates.parent / "flink.p12"), "-passin", "pass:chosen", "-nodes")
    assert (certificates / "flink_identity").read_text().splitlines()[1] in told


def test_the_fingerprint_is_that_of_the_certificate(certificates):
    identity = certificates / "flink_identity"
    told = openssl("x509", "-in", str(identity), "-noout", "-fingerprint", "-sha1")
    assert fingerprint(identity) == told.strip().split("=")[1].replace(":", "").lower()


def test_flink_lets_in_who_shows_the_one_certificate(encrypted, certificates):
    flink.prepare(encrypted, "jobmanager")
    file = encrypted.state_dir / "run" / "jobmanager" / "config.yaml"
    assert file.stat().st_mode & 0o077 == 0
    ssl = yaml.safe_load(file.read_text())["security"]["ssl"]
    assert ssl["internal"]["enabled"] is True
    assert ssl["internal"]["cert"]["fingerprint"] == fingerprint(certificates / "spark_identity")
    assert ssl["rest"]["authentication-enabled"] is True
    assert ssl["rest"]["cert"]["fingerprint"] == fingerprint(certificates / "flink_identity")


def test_spark_s_secret_is_in_a_file_of_its_owner(encrypted):
    secret = encrypted.spark_secret.get_secret_value()
    for process in ("jobs", "master", "worker"):
        spark.prepare(encrypted, process)
        file = configuration_dir(encrypted, process) / "spark-defaults.conf"
        assert f"spark.authenticate.secret {secret}\n" in file.read_text()
        assert ("spark.ssl.standalone.enabled true" in file.read_text()) == (process != "jobs")
        assert file.stat().st_mode & 0o077 == 0
        assert file.with_name("log4j2.properties").exists()
    parts = [spark.command(encrypted, process) for process in ("master", "worker")]
    lines = [*parts, submit_command(encrypted, REPOSITORY)]
    assert not [line for line in lines if secret in " ".join(line)]
    assert all("--webui-port 0" in " ".join(line) for line in parts)


def test_pages_are_served_with_the_part_s_certificate(encrypted):
    options = airflow.environment(encrypted)
    assert options["AIRFLOW__API__SSL_CERT"] == options["AIRFLOW__API__SSL_KEY"] == str(encrypted.tls_identity)
    assert options["AIRFLOW__API__SSL_CA_FILE"] == str(encrypted.tls_authority)
    assert options["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"].startswith("https://")
    assert f"--certfile {encrypted.tls_identity}" in " ".join(superset.command(encrypted))


@pytest.mark.parametrize("part", ["taskmanager", "spark-master"])
def test_a_part_without_its_certificate_says_so(encrypted, part):
    with pytest.raises(SettingsError, match="TLS_IDENTITY"):
        PARTS[part].prepare(encrypted.model_copy(update={"tls_identity": None}))


def test_nothing_of_it_is_there_without_an_authority(settings):
    flink.prepare(settings, "jobmanager")
    file = settings.state_dir / "run" / "jobmanager" / "config.yaml"
    assert "security" not in yaml.safe_load(file.read_text())
    assert configuration_dir(settings) == REPOSITORY / "spark_jobs" / "conf"
    assert not [name for name in airflow.environment(settings) if "SSL" in name]
    assert "--certfile" not in superset.command(settings)
    addresses = [settings.flink_rest_url, settings.spark_url, settings.airflow_url, settings.superset_url]
    assert all(address.startswith("http://") for address in addresses)
