"""The files of deploy/: they name every setting, and the programs that read them accept them."""

import inspect
import re
import shutil
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from ctypes.util import find_library
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import yaml

from data_access import roles
from data_access.register_tables import metadata
from data_access.settings import PROJECT, Settings
from exports.service import __main__ as service
from tests.browser.server import environment, free_port
from tests.nginx import configured, port, run

DEPLOY = PROJECT / "deploy"


def test_the_environment_file_names_every_setting() -> None:
    content = (DEPLOY / "cpd.env").read_text(encoding="utf-8")
    lines = re.findall(r"^#?(CPD_\w+)=(.*)$", content, flags=re.MULTILINE)
    values = dict(lines)
    assert len(lines) == len(values)
    words = " ".join(content.replace("\n# ", " ").split())
    assert set(values) == {f"CPD_{name.upper()}" for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        assert str(field.description) in words, name
    given = {name[4:].lower(): value for name, value in values.items()}
    assert Settings.model_validate(given).statement_timeout == 30.0


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed: its units cannot be checked")
    units = [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]
    assert len(units) == 4
    for unit in units:
        content = unit.read_text(encoding="utf-8")
        there = re.sub(r"^ExecStart=/opt/cpd/\S+", f"ExecStart={sys.executable}", content, flags=re.MULTILINE)
        (tmp_path / unit.name.replace("@", "@8501")).write_text(there, encoding="utf-8")
    files = sorted(str(file) for file in tmp_path.iterdir())
    done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    ours = [each for each in done.stderr.splitlines() if "cpd" in each]
    assert ours == []


def test_every_way_to_start_serves_alike() -> None:
    """What uvicorn is told stands in exports.service alone."""
    ways = {
        PROJECT / "Makefile": "$(BIN)/python -m exports.service --host $(HOST) --port $(PORT)",
        DEPLOY / "cpd@.service": "/usr/bin/env .venv/bin/python -m exports.service --port %i",
        DEPLOY / "Dockerfile": 'CMD ["python", "-m", "exports.service", "--host", "0.0.0.0"]',
    }
    for file, command in ways.items():
        content = file.read_text(encoding="utf-8")
        assert command in content
        assert "uvicorn" not in content
    assert set(service.OPTIONS) <= set(inspect.signature(uvicorn.run).parameters)


def test_a_replica_says_when_it_takes_connections_and_draws_with_what_its_unit_allows(tmp_path: Path) -> None:
    """systemd kills, or refuses, at a system call that the unit does not name: charts are drawn by V8."""
    if shutil.which("systemd-analyze") is None or find_library("seccomp") is None:
        pytest.skip("systemd is not installed: nobody says which system calls its groups hold")
    wanted, at = free_port(), tmp_path / "notify"
    command = [sys.executable, "-m", "tests.system_calls", "exports.service", "--port", str(wanted)]
    told = environment(f"sqlite:///{tmp_path}/none.db", NOTIFY_SOCKET=str(at))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd, (tmp_path / "log").open("w+") as log:
        systemd.bind(str(at))
        systemd.settimeout(60)
        process = subprocess.Popen(command, cwd=PROJECT, env=told, stderr=log, stdout=log)
        try:
            assert systemd.recv(100) == b"READY=1"
            with urllib.request.urlopen(f"http://127.0.0.1:{wanted}/healthz", timeout=30) as answer:
                assert answer.status == 200
            process.terminate()
            assert process.wait(30) == 0  # not by the signal: what is due at the end is done
        except TimeoutError:
            pytest.fail((tmp_path / "log").read_text() + f"status {process.poll()}")
        finally:
            process.kill()
            process.wait()


def test_what_replicas_may_read_is_not_the_owner_s() -> None:
    units = {unit.name: unit.read_text(encoding="utf-8") for unit in DEPLOY.glob("*.service")}
    users = {name: set(re.findall(r"^User=(.+)$", unit, flags=re.MULTILINE)) for name, unit in units.items()}
    assert users == {"cpd@.service": {"cpd"}, "cpd-migrate.service": {"cpd-owner"}, "cpd-backup.service": {"cpd-owner"}}
    files = {
        name: re.findall(r"^EnvironmentFile=/etc/cpd/(.+)$", unit, flags=re.MULTILINE) for name, unit in units.items()
    }
    assert files["cpd@.service"] == ["cpd.env"]
    assert files["cpd-backup.service"] == ["cpd.env", "owner.env"]  # the later one's database; whether people sign in
    compose: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    secrets = [
        compose["services"]["postgres"]["environment"][f"{who}_PASSWORD"] for who in ("POSTGRES", "OWNER", "SERVICE")
    ]
    assert len(set(secrets)) == 3
    assert not [each for each in compose["services"]["replica-1"]["environment"].values() if "OWNER" in each]


def test_a_command_by_hand_reaches_the_service_s_database() -> None:
    """systemd-run takes the same settings, user and folder as the unit that makes backups."""
    command = (DEPLOY / "cpd-as-owner").read_text(encoding="utf-8")
    assert (DEPLOY / "cpd-as-owner").stat().st_mode & 0o111
    assert subprocess.run(["sh", "-n", str(DEPLOY / "cpd-as-owner")], check=False).returncode == 0
    unit = (DEPLOY / "cpd-backup.service").read_text(encoding="utf-8")
    assert re.findall(r"--uid=(\S+)", command) == re.findall(r"^User=(.+)$", unit, flags=re.MULTILINE)
    for name in ("EnvironmentFile", "WorkingDirectory"):
        given = re.findall(rf"--property={name}=(\S+)", command)
        assert given == re.findall(rf"^{name}=(.+)$", unit, flags=re.MULTILINE)


def test_nginx_writes_down_no_search_and_no_code_of_a_sign_in(tmp_path: Path) -> None:
    folder = configured(tmp_path, ports=[free_port(), free_port()])
    own = ssl.create_default_context(cafile=str(folder / "cpd.pem"))
    own.check_hostname = False
    with run(folder):
        for address in ("oauth2callback?code=secret&state=secret", "schools?find=secret"):
            with pytest.raises(urllib.error.HTTPError, match="502"):
                urllib.request.urlopen(f"https://localhost:{port(folder)}/{address}", context=own, timeout=30)
    written = (folder / "requests.log").read_text(encoding="utf-8")
    assert 'GET /oauth2callback" 502' in written
    assert 'GET /schools" 502' in written
    assert "secret" not in written


def test_nginx_accepts_its_file(tmp_path: Path) -> None:
    with run(configured(tmp_path, ports=[1, 2]), check_only=True) as said:
        assert "test is successful" in said


def test_compose_and_the_image_hold_what_runs() -> None:
    """No Docker engine runs here: the files are read, not built."""
    compose: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert set(compose["services"]) == {"postgres", "migrate", "replica-1", "replica-2", "nginx"}
    for name in ("replica-1", "replica-2"):
        assert roles.SERVICE in compose["services"][name]["environment"]["CPD_DATABASE_URL"]
        assert compose["services"][name]["environment"]["CPD_PROXIES"] == "*"  # else sign-in would lead to http
    assert "cpd_owner" in compose["services"]["migrate"]["environment"]["CPD_DATABASE_URL"]
    mounted = [volume.split(":")[0] for each in compose["services"].values() for volume in each.get("volumes", [])]
    assert all((DEPLOY / file).exists() for file in mounted if file.startswith("./") and "tls" not in file)
    image = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    copied = set(re.findall(r"^COPY (?!--)(?:.* )?(\S+) \S+$", image, flags=re.MULTILINE))
    rooms = {file.parent.name for file in PROJECT.glob("*/__init__.py")} - {"tests"}
    assert rooms <= copied
    assert re.search(r"^USER cpd$", image, flags=re.MULTILINE)
    assert all(re.search(r":\d+\.\d+", line) for line in image.splitlines() if line.startswith("FROM"))


def test_readers_are_given_tables_that_are_there() -> None:
    assert set(roles.OPEN) <= set(metadata.tables)
    assert set(roles.ADD_ONLY) <= set(metadata.tables)
