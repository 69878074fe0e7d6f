"""The files of deploy/: they name every setting, and the programs that read them accept them."""

import inspect
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import yaml

from data_access import roles
from data_access.register_tables import metadata
from data_access.settings import PROJECT, Settings
from exports.service import __main__ as service
from tests.nginx import configured, run

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
        DEPLOY / "cpd@.service": "/opt/cpd/.venv/bin/python -m exports.service --port %i",
        DEPLOY / "Dockerfile": 'CMD ["python", "-m", "exports.service", "--host", "0.0.0.0"]',
    }
    for file, command in ways.items():
        content = file.read_text(encoding="utf-8")
        assert command in content
        assert "uvicorn" not in content
    assert set(service.OPTIONS) <= set(inspect.signature(uvicorn.run).parameters)


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
