"""Read the reference files of this room: the strategy, the indicators, the geography; none of it invented."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from data_access.definitions import IndicatorDefinition

HERE = Path(__file__).parent
REGION_SHORT = {
    "E12000001": "NE",
    "E12000002": "NW",
    "E12000003": "Y&H",
    "E12000004": "EM",
    "E12000005": "WM",
    "E12000006": "EE",
    "E12000007": "LON",
    "E12000008": "SE",
    "E12000009": "SW",
}
SHORTENED = {"local_authorities": "local_authorities_2009.geojson", "regions": "regions.geojson"}


def read(file: Path) -> Any:
    """The content of a YAML file, by libyaml: a tenth of the time, of the first page on an empty database too."""
    return yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@lru_cache
def strategy() -> dict:
    """The strategy restated: priorities, outcomes, action lines, members, published facts, case studies."""
    return read(HERE / "strategy" / "strategy.yaml")


def effective_features() -> dict[str, str]:
    """The ten features of effective professional development: code → what it is called."""
    return strategy()["effective_features"]


@lru_cache
def outcome_lines() -> dict[str, dict[str, str]]:
    """An outcome's code → the codes of the action lines that serve it → why."""
    return read(HERE / "strategy" / "outcome_lines.yaml")


@lru_cache
def glossary() -> list[dict[str, str]]:
    """Terms and their meanings, in alphabetical order."""
    return read(HERE / "strategy" / "glossary.yaml")


@lru_cache
def context() -> list[dict[str, str]]:
    """The context variables: code, title, unit; their values are invented (seed_data.context)."""
    return read(HERE / "strategy" / "context.yaml")


@lru_cache
def indicators() -> list[IndicatorDefinition]:
    """The reviewed indicator files, by outcome and then title."""
    files = sorted((HERE / "indicators").glob("*.yaml"))
    made = [IndicatorDefinition.model_validate(read(file)) for file in files]
    return sorted(made, key=lambda definition: (definition.outcome or "", definition.scope, definition.title))


def authorities() -> pd.DataFrame:
    """The 152 authorities of 2009 to 2013, by code: ons_code, name, region_code, region_name, longitude, latitude."""
    frame = pd.read_csv(HERE / "geography" / "local_authorities_2009.csv", dtype={"old_la_code": str})
    return frame.rename(columns={"old_la_code": "code", "new_la_code": "ons_code", "la_name": "name"}).sort_values(
        "code", ignore_index=True
    )


@lru_cache
def tiles() -> pd.DataFrame:
    """Where each authority's square stands on a tile map: code, name, region_code, column, row (0 at the top), short.

    short: a label of two to four letters, unique among the 152.
    """
    placed = pd.read_csv(HERE / "geography" / "la_tiles.csv", dtype={"code": str})
    return placed.merge(authorities()[["code", "name", "region_code"]], on="code", validate="one_to_one")


def changes() -> pd.DataFrame:
    """Recodes, merges and splits since 2013, with this database's column names."""
    frame = pd.read_csv(HERE / "geography" / "local_authority_changes.csv", dtype=str)
    names = {
        f"{side}_{old}": f"{side}_{new}"
        for side in ("from", "to")
        for old, new in (("new_la_code", "ons_code"), ("old_la_code", "code"))
    }
    return frame.rename(columns=names).assign(effective=pd.to_datetime(frame["effective"]).dt.date)


def outlines(name: str) -> Path:
    """The GeoJSON file of 'regions' or 'local_authorities'; raises KeyError for any other name."""
    return HERE / "geography" / SHORTENED[name]


@lru_cache
def bounds() -> dict[str, tuple[float, float, float, float]]:
    """Region code, and 'england', → west, south, east, north."""
    found: dict[str, tuple[float, float, float, float]] = {}
    for feature in json.loads(outlines("regions").read_text(encoding="utf-8"))["features"]:
        points = [point for polygon in feature["geometry"]["coordinates"] for ring in polygon for point in ring]
        x, y = [p[0] for p in points], [p[1] for p in points]
        found[feature["code"]] = (min(x), min(y), max(x), max(y))
    boxes = list(found.values())
    return found | {
        "england": (
            min(b[0] for b in boxes),
            min(b[1] for b in boxes),
            max(b[2] for b in boxes),
            max(b[3] for b in boxes),
        )
    }


@lru_cache
def log() -> list[dict[str, str]]:
    """Every data file of this room, declared published, reference or illustrative."""
    return read(HERE / "log.yaml")
