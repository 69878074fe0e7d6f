"""docs/api.md held to what is true: its examples run against a running dashboard, where their program is there."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from data_access.settings import PROJECT
from exports.api import parameters
from tests.browser.server import Server
from tests.conftest import sqlite_url

PAGE = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")
WRITTEN = "http://localhost:8501"


@pytest.fixture(scope="module")
def server(small_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(sqlite_url(small_database), tmp_path_factory.mktemp("api") / "log") as running:
        yield running


def blocks(language: str, server: Server) -> str:
    """The page's examples in a language, one after the other, for this server."""
    found = re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
    assert found
    return "\n".join(found).replace(WRITTEN, server.url)


def test_the_examples_for_pandas_run(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    there: dict[str, object] = {}
    exec(compile(blocks("python", server), "docs/api.md", "exec"), there)
    assert len(there["lowest"]) == 10  # type: ignore[arg-type]
    assert there["values"]["area_code"].str.len().eq(3).all()  # type: ignore[index]
    assert len(there["rows"]) > parameters.PAGE  # type: ignore[arg-type]
    assert there["table"].shape[0] == 152  # type: ignore[attr-defined]
    assert capsys.readouterr().out


def test_the_example_for_r_runs(server: Server, tmp_path: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed here")
    script = tmp_path / "example.R"
    script.write_text(blocks("r", server), encoding="utf-8")
    done = subprocess.run(["Rscript", str(script)], capture_output=True, text=True, timeout=60, check=True)
    assert len(done.stdout.splitlines()) == 11


def test_the_addresses_for_excel_and_web_pages_answer(server: Server) -> None:
    said = dict(re.findall(r'(\w+) = "([^"]*)"', re.findall(r"Query = \[(.*?)\]", PAGE)[0]))
    query = "&".join(f"{name}={value}" for name, value in said.items())
    path = re.findall(r'RelativePath = "([^"]*)"', PAGE)[0]
    status, text, _ = server.get(f"/{path}?{query}")
    assert status == 200
    assert {"area_code", "value", "lower", "upper"} <= set(text.splitlines()[0].split(","))
    chart = re.findall(rf'src="{WRITTEN}([^"]*)"', PAGE)[0].replace("&amp;", "&")
    status, text, headers = server.get(chart)
    assert status == 200
    assert "<svg" in text
    assert headers["access-control-allow-origin"] == "*"


def test_the_page_names_every_parameter() -> None:
    names = {each.name for known in parameters.TABLES.values() for each in known}
    assert {name for name in names if f"`{name}`" not in PAGE} == set()


def test_pages_and_the_rest_stay_as_they_were(server: Server) -> None:
    status, text, headers = server.get("/regions?la=Camden")
    assert (status, "<title>CPD strategy dashboard" in text) == (200, True)
    assert "access-control-allow-origin" not in {name.lower() for name in headers}
    status, text, headers = server.get("/api/v2/else")
    assert (status, headers["content-type"]) == (404, "application/problem+json")
