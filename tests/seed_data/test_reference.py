"""The reviewed files: the strategy, the indicators, the geography, and the log that declares them."""

import csv
from pathlib import Path

import pytest
import yaml

from data_access.definitions import IndicatorDefinition
from data_access.settings import PROJECT
from seed_data import reference

ROOM = PROJECT / "seed_data"
FILES = sorted((ROOM / "indicators").glob("*.yaml"))
DATA = {".md", ".yaml", ".yml", ".csv", ".json", ".geojson", ".xlsx"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_indicator_file_loads_and_says_why_it_matters(file: Path) -> None:
    made = IndicatorDefinition.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    assert made.code == file.stem
    assert made.outcome in {outcome["code"] for outcome in reference.strategy()["outcomes"]}
    assert len(made.why_it_matters.split()) >= 20
    assert made.caveats
    assert made.target is not None
    assert made.illustrative_baseline is not None
    assert made.reviewed is not None
    assert {*made.staff_groups} <= {group["code"] for group in reference.strategy()["staff_groups"]}


def test_the_indicators_are_those_of_the_domain_file(shared: Path) -> None:
    with (shared / "domain" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    made = {definition.code: definition for definition in reference.indicators()}
    assert set(made) == set(rows)
    assert len(made) == len(FILES) == 33
    for code, row in rows.items():
        definition = made[code]
        for name in (
            "outcome",
            "short_title",
            "unit",
            "better",
            "collected_from",
            "evidence_kind",
            "frequency",
            "scope",
        ):
            assert getattr(definition, name) == row[name], (code, name)
        assert definition.staff_groups == row["staff_groups"].split("|"), code
        assert definition.illustrative_baseline == float(row["illustrative_baseline"]), code
        assert definition.target is not None
        assert (definition.target.period, definition.target.value) == ("2011/12", float(row["illustrative_target"])), (
            code
        )


def test_the_strategy_is_whole() -> None:
    content = reference.strategy()
    assert [p["number"] for p in content["priorities"]] == [1, 2, 3]
    assert len({outcome["code"] for outcome in content["outcomes"]}) == 20
    assert len({line["code"] for line in content["action_lines"]}) == 9
    assert len({action["code"] for line in content["action_lines"] for action in line["actions"]}) == 38
    assert len({member["code"] for member in content["nag_members"]}) == 14
    priorities = {p["code"] for p in content["priorities"]}
    for thing in (*content["outcomes"], *content["action_lines"], *content["case_studies"]):
        assert thing["priority"] in priorities
    assert all(fact["source"] for fact in content["published_facts"])
    assert {d.outcome for d in reference.indicators()} == {outcome["code"] for outcome in content["outcomes"]}


def test_every_outcome_is_served_by_lines_of_its_priority_each_with_a_reason() -> None:
    content, served = reference.strategy(), reference.outcome_lines()
    priority = {line["code"]: line["priority"] for line in content["action_lines"]}
    assert list(served) == [outcome["code"] for outcome in content["outcomes"]]
    for outcome in content["outcomes"]:
        lines = served[outcome["code"]]
        assert lines
        for line, why in lines.items():
            assert priority[line] == outcome["priority"], (outcome["code"], line)
            assert len(why.split()) >= 6
            assert why.endswith(".")
    assert {line for lines in served.values() for line in lines} == set(priority), "no line serves nothing"


def test_the_strategy_is_that_of_the_domain_file(shared: Path) -> None:
    given = yaml.safe_load((shared / "domain" / "strategy.yaml").read_text(encoding="utf-8"))
    ours = reference.strategy()
    for name in ("priorities", "outcomes", "action_lines", "nag_members", "published_facts", "case_studies"):
        theirs = mended(given[name])
        assert isinstance(theirs, list)
        assert len(ours[name]) == len(theirs)
        for our, their in zip(ours[name], theirs, strict=True):
            assert all(str(our[key]) == str(value) for key, value in their.items()), name  # ours may say more


def mended(thing: object) -> object:
    """In the given file an unquoted comma breaks some values in two, the second part becoming a key without a value."""
    if isinstance(thing, list):
        return [mended(part) for part in thing]
    if not isinstance(thing, dict):
        return thing
    made: dict[str, object] = {}
    for key, value in thing.items():
        if value is None and made:
            last = next(reversed(made))
            made[last] = f"{made[last]}, {key}"
        else:
            made[key] = mended(value)
    return made


def test_the_geography_is_whole() -> None:
    authorities = reference.authorities()
    assert len(authorities) == authorities["code"].nunique() == authorities["ons_code"].nunique() == 152
    assert authorities["region_code"].nunique() == 9
    assert set(authorities["region_code"]) == set(reference.REGION_SHORT)
    assert (authorities.groupby("region_name")["code"].count())["London"] == 33
    assert set(reference.bounds()) == {*reference.REGION_SHORT, "england"}
    assert len(reference.changes()) > 10


def test_every_data_file_is_declared_once_with_its_kind() -> None:
    found = {
        file.relative_to(ROOM).as_posix()
        for file in ROOM.rglob("*")
        if file.suffix in DATA and file.name != "log.yaml" and "__pycache__" not in file.parts
    }
    declared: set[str] = set()
    for entry in reference.log():
        assert entry["kind"] in ("published", "reference", "illustrative"), entry["file"]
        assert entry["what"], entry["file"]
        assert entry["source"], entry["file"]
        matches = {file for file in found if Path(file).match(entry["file"])}
        assert not matches & declared, entry["file"]
        assert matches or entry["kind"] == "illustrative", f"{entry['file']} is declared and not there"
        declared |= matches
    assert declared == found
