"""A folder of any name and depth is used by a path that every program takes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from supply_chain import plain_paths
from supply_chain.paths import log_dir, make_folders, run_dir, supervisor_socket
from supply_chain.plain_paths import PathError, plain
from supply_chain.servers.parts import PARTS
from supply_chain.settings import Settings, SettingsError, load_settings
from supply_chain.settings_file import ensure_env_file, remember
from supply_chain.stack import lifecycle
from supply_chain.stack.supervisord import launch
from supply_chain.supervisor import Supervisor, SupervisorError
from tests.servers import deployment

ODD = 'it\'s 100% "mine", é: #1 & $HOME'


@pytest.fixture
def links(tmp_path_factory, monkeypatch):
    """A folder of its own for the links."""
    # Not below pytest's own folder, which is long.
    folder = Path("/tmp") / f"links-{os.getpid()}"  # noqa: S108
    folder.mkdir()
    monkeypatch.setattr(plain_paths, "LINKS", folder)
    yield folder
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@pytest.mark.parametrize("path", ["/opt/supply-chain", "/home/me/Projects_2/v1.0+a@b/var"])
def test_an_ordinary_path_stays(path, links):
    assert plain(Path(path)) == Path(path)
    assert not list(links.iterdir())


@pytest.mark.parametrize("name", [ODD, "x" * 90])
def test_another_is_reached_by_a_link(tmp_path, links, name):
    folder = tmp_path / name
    link = plain(folder)
    assert link.resolve() == folder.resolve()
    assert plain(link) == link == plain(folder)
    assert plain(tmp_path / f"{name}2") != link
    assert link.parent.stat().st_mode & 0o777 == 0o700
    assert len(str(supervisor_socket(Settings.model_construct(state_dir=link)))) < 107 - 8
    link.unlink()
    assert plain(folder).resolve() == folder.resolve()


def test_a_folder_that_others_may_change_is_not_used(tmp_path, links):
    parent = links / f"supply-chain-{os.getuid()}"
    parent.mkdir()
    parent.chmod(0o777)
    with pytest.raises(PathError, match="is not a folder of this user alone; remove it"):
        plain(tmp_path / ODD)


def test_state_in_such_a_folder_is_remembered_by_its_own_name(tmp_path, links, monkeypatch):
    monkeypatch.setenv("ENV_FILE", str(tmp_path / ".env"))
    ensure_env_file()
    state = tmp_path / "my state"
    monkeypatch.setenv("STATE_DIR", str(state))
    assert remember() == {"STATE_DIR": str(state)}
    monkeypatch.delenv("STATE_DIR")
    settings = load_settings()
    assert settings.state_dir.parent.parent == links
    make_folders(settings)
    lifecycle.reset(settings)
    assert not state.exists()


def test_what_cannot_be_used_is_said_by_the_name_of_the_setting(tmp_path, links, monkeypatch):
    monkeypatch.setenv("ENV_FILE", str(tmp_path / ".env"))
    ensure_env_file()
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "a file"))
    with pytest.raises(SettingsError, match=r"STATE_DIR: .*choose a folder of letters"):
        load_settings()


@pytest.mark.integration
def test_the_supervisor_starts_in_such_a_folder(tmp_path, links):
    state = tmp_path / ODD / ("x" * 60)
    with deployment(STATE_DIR=str(state)) as settings:
        make_folders(settings)
        supervisor = launch(settings, PARTS.values())
        try:
            assert set(supervisor.states()) == set(PARTS)
            assert (state / "run" / "supervisor.sock").exists()
        finally:
            supervisor.shut_down()


@pytest.mark.integration
def test_what_supervisord_says_is_passed_on(settings):
    broken = settings.model_copy(update={"state_dir": settings.state_dir / "none"})
    make_folders(broken)
    log_dir(broken).rmdir()
    with pytest.raises(SupervisorError, match=r"supervisord did not start: .*log"):
        launch(broken, PARTS.values())
    assert not Supervisor(broken).is_running()
    assert run_dir(broken).exists()
