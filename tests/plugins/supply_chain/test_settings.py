from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from supply_chain.settings import FORMER_NAMES, REPOSITORY, Settings, SettingsError, load_settings
from supply_chain.settings_file import ensure_env_file, remember, rename_former, secret_names


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new settings file, and an environment without settings."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    path = tmp_path / "deployment" / ".env"
    monkeypatch.setenv("ENV_FILE", str(path))
    return ensure_env_file()


def test_first_start_writes_secrets_for_the_owner_alone(env_file):
    settings = load_settings()
    secrets = [getattr(settings, name.lower()).get_secret_value() for name in secret_names()]
    assert len(set(secrets)) == len(secrets) > 0
    assert all(len(secret) >= 32 for secret in secrets)
    assert env_file.stat().st_mode & 0o777 == 0o600


def test_second_start_changes_nothing(env_file):
    before = env_file.read_text()
    ensure_env_file()
    assert env_file.read_text() == before


def test_missing_secret_is_added(env_file):
    lines = env_file.read_text().splitlines(keepends=True)
    env_file.write_text("".join(line for line in lines if not line.startswith("OWNER_PASSWORD")))
    ensure_env_file()
    assert load_settings().owner_password.get_secret_value()


def test_secrets_of_an_earlier_release_keep_their_values(env_file):
    lines = [
        line for line in env_file.read_text().splitlines() if not line.startswith(("ADMIN_", "VIEWER_", "PLANNER"))
    ]
    former = [f"{name}={name.lower()}" for name in FORMER_NAMES]
    env_file.write_text("\n".join([*lines, *former, "REPLAY_RATE=7"]) + "\n")
    with pytest.raises(SettingsError, match="AIRFLOW_ADMIN_PASSWORD: its name is ADMIN_PASSWORD now; `make up`"):
        load_settings()
    told = rename_former()
    assert [name for name, sentence in zip(FORMER_NAMES, told, strict=True) if name in sentence] == list(FORMER_NAMES)
    ensure_env_file()
    settings = load_settings()
    assert settings.password_of("admin") == "airflow_admin_password"
    assert settings.password_of("viewer") == "superset_viewer_password"
    assert len(settings.password_of("planner")) >= 32
    assert settings.replay_rate == 7
    assert env_file.stat().st_mode & 0o777 == 0o600
    assert rename_former() == []


def test_all_mistakes_are_named_at_once(env_file, monkeypatch):
    monkeypatch.setenv("REPLAY_RATE", "fast")
    monkeypatch.setenv("KAFKA_PORT", "80")
    with env_file.open("a") as file:
        file.write("REPLAY_SPEED=3\n")
    with pytest.raises(SettingsError) as error:
        load_settings()
    message = str(error.value)
    assert "REPLAY_RATE: " in message
    assert "KAFKA_PORT: " in message
    assert "REPLAY_SPEED: no such setting" in message


def test_a_malformed_secret_is_not_shown(env_file, monkeypatch):
    monkeypatch.setenv("KAFKA_HEAP", "s3cret")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert "s3cret" not in str(error.value)


def test_what_a_command_was_given_is_remembered(env_file, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATASET", "orders.csv")
    monkeypatch.setenv("REPLAY_RATE", "max")
    assert remember() == {"DATASET": str(tmp_path / "orders.csv"), "REPLAY_RATE": "max"}
    monkeypatch.delenv("DATASET")
    monkeypatch.delenv("REPLAY_RATE")
    assert load_settings().dataset == tmp_path / "orders.csv"
    assert load_settings().replay_rate == "max"


def test_a_remembered_setting_can_be_emptied(env_file, monkeypatch):
    monkeypatch.setenv("DATASET", "orders.csv")
    remember()
    monkeypatch.setenv("DATASET", "")
    remember()
    monkeypatch.delenv("DATASET")
    assert load_settings().dataset is None


TEXT = st.characters(blacklist_categories=("Cc", "Cs"))
NASTY = st.text(TEXT, max_size=30) | st.text(" #'\"$\\=;&`{}~é", max_size=12)


@given(name=NASTY)
@example(name="a #b'c\"d $HOME \\e")
@example(name="ends in a backslash\\")
@example(name="${HOME}")
def test_a_remembered_path_reads_back_as_it_was_given_or_is_refused(tmp_path_factory, name):
    folder = tmp_path_factory.mktemp("nasty")
    text = "# mine\nexport GENERATOR_SEED=7\n"
    with pytest.MonkeyPatch.context() as patch:
        for setting in Settings.model_fields:
            patch.delenv(setting.upper(), raising=False)
        patch.setenv("ENV_FILE", str(folder / ".env"))
        (folder / ".env").write_text(text)
        ensure_env_file()
        before = (folder / ".env").read_text()
        patch.setenv("DATASET", f"/data/{name}.csv")
        try:
            remember()
        except SettingsError:
            assert "${" in name or "\\" in name
            assert (folder / ".env").read_text() == before
            return
        patch.delenv("DATASET")
        assert str(load_settings().dataset) == str(Path(f"/data/{name}.csv"))
        assert load_settings().generator_seed == 7
        assert (folder / ".env").read_text().startswith(text)
        assert remember() == {}


def test_a_line_break_is_refused_before_anything_is_stored(env_file, monkeypatch):
    monkeypatch.setenv("REPLAY_RATE", "max")
    monkeypatch.setenv("DATASET", "/data/two\nlines.csv")
    before = env_file.read_text()
    with pytest.raises(SettingsError, match="DATASET: its value holds a line break"):
        remember()
    assert env_file.read_text() == before


def test_lines_written_by_hand_survive(env_file, monkeypatch):
    lines = "# seed\n\nexport GENERATOR_SEED = 7 # lucky\nkafka_heap='256m'\nDATASET=\"/a b#c.csv\""
    env_file.write_text(f"{env_file.read_text()}{lines}")
    assert str(load_settings().dataset) == "/a b#c.csv"
    monkeypatch.setenv("KAFKA_HEAP", "128m")
    assert remember() == {"KAFKA_HEAP": "128m"}
    monkeypatch.setenv("GENERATOR_SEED", "8")
    assert remember() == {"GENERATOR_SEED": "8"}
    for name in ("KAFKA_HEAP", "GENERATOR_SEED"):
        monkeypatch.delenv(name)
    settings = load_settings()
    assert (settings.kafka_heap, settings.generator_seed, str(settings.dataset)) == ("128m", 8, "/a b#c.csv")
    assert env_file.read_text().endswith('# seed\nexport GENERATOR_SEED=8\nkafka_heap=128m\nDATASET="/a b#c.csv"')


@pytest.mark.parametrize(("line", "number"), [('DATASET="/a b', 4), ("KAFKA_HEAP", 4), ("\n\n  'x=1", 6)])
def test_a_line_that_is_no_setting_is_named(tmp_path, monkeypatch, line, number):
    file = tmp_path / ".env"
    file.write_text(f"# one\nGENERATOR_SEED=7\n\n{line}")
    monkeypatch.setenv("ENV_FILE", str(file))
    with pytest.raises(SettingsError, match=f"line {number}: not of the form NAME=value"):
        load_settings()


def test_secrets_of_the_environment_are_not_remembered(env_file, monkeypatch):
    monkeypatch.setenv("OWNER_PASSWORD", "given for this command only")
    assert remember() == {}
    assert "given for this command only" not in env_file.read_text()


def test_a_container_has_the_secrets_of_its_files_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("ENV_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    (tmp_path / "reader_password").write_text("mine")
    settings = load_settings()
    assert settings.reader_password.get_secret_value() == "mine"
    with pytest.raises(SettingsError, match="OWNER_PASSWORD: this process was not given it"):
        settings.owner_password.get_secret_value()


def test_settings_page_lists_every_setting_with_its_default_and_meaning():
    page = (REPOSITORY / "docs" / "settings.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    documented = {row.split("`")[1]: row for row in rows}
    assert set(documented) == {name.upper() for name in Settings.model_fields}
    assert len(documented) > 30
    for name, field in Settings.model_fields.items():
        assert field.description in documented[name.upper()]
        if not field.is_required() and field.default not in (None, "") and name != "state_dir":
            assert f"`{field.default}`" in documented[name.upper()]


def test_each_application_of_each_deployment_has_a_cookie_of_its_own(env_file):
    one, other = load_settings(), load_settings(airflow_port=9080, superset_page="https://dashboards.example")
    names = {each.session_cookie(name) for each in (one, other) for name in ("airflow", "superset")}
    assert names == {"airflow_session_8080", "superset_session_8088", "airflow_session_9080", "superset_session_https"}
