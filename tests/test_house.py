"""The doors of the house held shut: who may import whom, where files may lie, and what must be documented."""

import ast
import re
from pathlib import Path

import pytest

from data_access.settings import PROJECT, Settings

ROOMS = ("measures", "charts", "data_access", "exports", "pages", "seed_data")
FRONT = ["pages", "dashboard"]
# What each room may not import: libraries and other rooms.
SHUT = {
    "measures": [
        "streamlit",
        "sqlalchemy",
        "altair",
        "pydeck",
        "charts",
        "data_access",
        "exports",
        "seed_data",
        *FRONT,
    ],
    "charts": ["streamlit", "sqlalchemy", "data_access", "exports", "seed_data", *FRONT],
    "data_access": ["streamlit", "altair", "pydeck", "charts", "exports", "seed_data", *FRONT],
    "exports": ["streamlit", "sqlalchemy", *FRONT],
    "seed_data": ["streamlit", "altair", "pydeck", "charts", "exports", *FRONT],
    "pages": ["sqlalchemy", "dashboard"],
    "dashboard": ["sqlalchemy"],
}


def files(room: str) -> list[Path]:
    """The Python files of a room; of dashboard, its one file."""
    return [PROJECT / "dashboard.py"] if room == "dashboard" else sorted((PROJECT / room).rglob("*.py"))


def imported(file: Path) -> set[str]:
    """The first names of everything that a file imports, wherever in it the import stands."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("room", SHUT)
def test_the_doors_open_one_way(room: str) -> None:
    assert files(room), f"{room} has no Python file"
    through = {
        f"{file.relative_to(PROJECT)} imports {name}" for file in files(room) for name in imported(file) & {*SHUT[room]}
    }
    assert through == set()


def test_only_the_front_knows_streamlit() -> None:
    users = {room for room in ROOMS for file in files(room) if "streamlit" in imported(file)}
    assert users <= {"pages"}


def test_no_import_is_relative() -> None:
    """A relative import would walk past the doors unseen."""
    relative = [
        str(file.relative_to(PROJECT))
        for room in (*ROOMS, "dashboard")
        for file in files(room)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level > 0
    ]
    assert relative == []


def test_no_page_lies_where_streamlit_would_run_it_without_the_front_door() -> None:
    assert [file.name for file in (PROJECT / "pages").glob("*.py") if file.name != "__init__.py"] == []


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_says_what_it_is_for(room: str) -> None:
    tree = ast.parse((PROJECT / room / "__init__.py").read_text(encoding="utf-8"))
    assert len((ast.get_docstring(tree) or "").split()) >= 8


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_function_and_module_has_a_docstring(room: str) -> None:
    silent = []
    for file in files(room):
        if "versions" in file.parts:
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        if tree.body and ast.get_docstring(tree) is None:
            silent.append(str(file.relative_to(PROJECT)))
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and ast.get_docstring(node) is None and not (isinstance(node, ast.ClassDef) and is_bare(node)):
                silent.append(f"{file.relative_to(PROJECT)}:{node.name}")
    assert silent == []


def is_bare(node: ast.ClassDef) -> bool:
    """A class of nothing but `...`: its name says it all."""
    return all(isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) for line in node.body)


def test_every_setting_is_documented_with_its_default() -> None:
    page = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(CPD_\w+)` \| ([^|]+) \|", page, flags=re.MULTILINE))
    assert set(rows) == {f"CPD_{name.upper()}" for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default = str(field.default).replace(f"{PROJECT}/", "")
        assert default in rows[f"CPD_{name.upper()}"], name
        assert field.description
        assert field.description in page, name


def test_no_file_grows_beyond_reading() -> None:
    long = {
        str(file.relative_to(PROJECT)): count for room in ROOMS for file in files(room) if (count := lines(file)) > 500
    }
    assert long == {}


def lines(file: Path) -> int:
    """How many lines a file has."""
    return file.read_text(encoding="utf-8").count("\n")
