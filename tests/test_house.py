"""The doors of the house held shut: who may import whom, where files may lie, and what must be documented."""

import ast
import re
import tomllib
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


def test_the_version_is_the_newest_that_the_changelog_tells_of() -> None:
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    told = re.findall(r"^## (\S+) — ", (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert version == told[0]


def test_no_file_grows_beyond_reading() -> None:
    long = {
        str(file.relative_to(PROJECT)): count for room in ROOMS for file in files(room) if (count := lines(file)) > 500
    }
    assert long == {}


def lines(file: Path) -> int:
    """How many lines a file has."""
    return file.read_text(encoding="utf-8").count("\n")


# The gate of published figures: what may be shown is decided in one place, and everything that shows goes through it.

HOLD_TABLES = ("data_access.schema", "data_access.register_tables")
COUNTS = {"summary", "summary_past", "observation"}  # the tables with numerators and denominators
# Who may name them at all, and why nothing gets out there.
KNOWS_COUNTS = {
    "data_access/versions.py": "moves rows to the past",
    "data_access/migrate.py": "sees that there are some",
    "data_access/observations.py": "writes what a file holds",
    "data_access/undo.py": "takes it back",
    "data_access/summaries.py": "makes the sums",
    "data_access/withholding.py": "decides what of them may be shown",
    "data_access/shown_before.py": "says for that what earlier versions showed",
    "data_access/pooled.py": "adds them up for values",
    "data_access/school_rows.py": "reads what each school reported, for school_sums and hidden_schools",
    "data_access/school_sums.py": "adds that up for values",
    "data_access/hidden_schools.py": "decides which of it may not be shown",
    "data_access/quality.py": "looks at what came in; its rows go through measures.checks.shown",
    "data_access/coverage.py": "counts who reported, which is no figure",
    "data_access/revisions.py": "asks which indicators changed, and shows area_values",
    "data_access/provenance.py": "counts the rows that each import gave, and shows values",
    "data_access/roles.py": "makes analysts' view of those decided to be shown, which a test compares with values",
    "data_access/backup.py": "writes every table to a file that only its owner may read, and back",
    "data_access/register_tables.py": "puts the tables of what people edit beside them",
    "data_access/migrations/env.py": "hands all tables to the tool that changes them",
}
CALLERS = {
    ("measures.intervals", "with_interval"): {
        "data_access/values.py",
        "measures/checks.py",
        "measures/university_programmes.py",  # of counts that the register itself may hold: measures.telling
    },
    ("measures.disclosure", "publish"): {"data_access/values.py", "measures/checks.py"},
}
IN_SQL = re.compile(r"\b(from|join|into|update|table)\s+\"?(summary|observation)(_past)?\b", re.IGNORECASE)
BEHIND = {
    "schema",
    "bulk",
    "summaries",
    "observations",
    "withholding",
    "shown_before",
    "pooled",
    "school_rows",
    "school_sums",
    "hidden_schools",
    "school_table",
    "withheld_schools",
}  # of data_access, not for those who show


def names_counts(source: str) -> set[str]:
    """How a module gets at the tables of COUNTS: imported, of the module schema, by name, or in a sentence of SQL."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module in HOLD_TABLES:
            found |= {alias.name for alias in node.names} & {*COUNTS, "*", "metadata"}
        elif isinstance(node, ast.Attribute) and node.attr in {*COUNTS, "tables"} and "schema" in ast.unparse(node):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and IN_SQL.search(node.value):
            found.add(node.value)
    return found


def takes(source: str, module: str, name: str) -> bool:
    """Whether a module imports a function, under whatever name, or the module that it is in."""
    room, _, last = module.rpartition(".")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            named = {alias.name for alias in node.names}
            if (node.module == module and named & {name, "*"}) or (node.module == room and last in named):
                return True
        elif isinstance(node, ast.Import) and any(alias.name in (room, module) for alias in node.names):
            return True
    return False


def goes_behind(source: str) -> set[str]:
    """What a module of those who show takes from behind the gate: modules of data_access, or SQL of its own."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "data_access":
            named = {alias.name for alias in node.names} if node.module == "data_access" else set()
            found |= (named | {*str(node.module).split(".")[1:2]}) & BEHIND
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] == "data_access"}
        elif isinstance(node, ast.Attribute) and node.attr in ("execute", "exec_driver_sql", "scalar", "scalars"):
            found.add(node.attr)
    return found


def sources() -> dict[str, str]:
    """Every module but the steps of the migrations, which run before anything is shown."""
    every = [file for room in (*ROOMS, "dashboard") for file in files(room) if "versions" not in file.parts]
    return {str(file.relative_to(PROJECT)): file.read_text(encoding="utf-8") for file in every}


def test_figures_leave_through_one_gate() -> None:
    made = sources()
    assert {name for name, source in made.items() if names_counts(source)} == {*KNOWS_COUNTS}
    for (module, name), allowed in CALLERS.items():
        assert {file for file, source in made.items() if takes(source, module, name)} == allowed, name
    who_show = {name: source for name, source in made.items() if name.split("/")[0] in ("pages", "charts", "exports")}
    who_show["dashboard.py"] = made["dashboard.py"]
    assert {name: found for name, source in who_show.items() if (found := goes_behind(source))} == {}


@pytest.mark.parametrize(
    "source",
    [
        "from data_access.schema import summary as s",
        "from data_access.schema import *",
        "from data_access import schema\nschema.observation.c.numerator",
        "from data_access import schema as x\nx.metadata\nimport data_access.schema\ndata_access.schema.summary_past",
        "from data_access import schema\nschema.metadata.tables[what]",
        "def f(c):\n    c.execute(text(f'select n from summary where {x}'))",
    ],
)
def test_the_gate_sees_who_gets_at_the_counts(source: str) -> None:
    assert names_counts(source)
    assert not names_counts("from data_access.schema import school\n'a summary of what came from observations'")


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    from measures.disclosure import publish as p",
        "from measures import disclosure",
        "import measures.disclosure as d",
        "from measures.disclosure import *",
    ],
)
def test_the_gate_sees_who_calls_what_is_behind(source: str) -> None:
    assert takes(source, "measures.disclosure", "publish")
    assert not takes("from data_access import publish", "measures.disclosure", "publish")


@pytest.mark.parametrize(
    "source",
    [
        "from data_access import bulk",
        "from data_access.schema import school",
        "import data_access.summaries",
        "def f(connection):\n    return connection.exec_driver_sql('select 1')",
    ],
)
def test_the_gate_sees_a_page_that_goes_behind(source: str) -> None:
    assert goes_behind(source)
    assert not goes_behind("from data_access import values\nfrom data_access.engine import reading")
