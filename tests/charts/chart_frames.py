"""Small, deterministic frames shaped like the ones pages give to charts."""

from typing import Any

import numpy as np
import pandas as pd

from charts.figure import Context

REGIONS = [
    ("E12000001", "North East", "NE"),
    ("E12000002", "North West", "NW"),
    ("E12000003", "Yorkshire and The Humber", "Y&H"),
    ("E12000004", "East Midlands", "EM"),
    ("E12000005", "West Midlands", "WM"),
    ("E12000006", "East of England", "EE"),
    ("E12000007", "London", "LON"),
    ("E12000008", "South East", "SE"),
    ("E12000009", "South West", "SW"),
]
ENGLAND = ("E92000001", "England", "ENG")
POSITIONS = {"2009/10": 2010.0, "2010/11": 2011.0, "2011/12": 2012.0}

CONTEXT = Context(
    place="England",
    period_label="2011/12",
    staff_label="all staff",
    comparator="",
    source="School survey",
    coverage_text="91% of schools reporting",
    data_version="7",
    date_text="3 March 2012",
    illustrative=True,
)


def indicator(code: str = "reviewed", **changes: Any) -> dict[str, Any]:
    """One indicator record, percent and higher is better unless told otherwise."""
    record = {
        "code": code,
        "outcome": "1b",
        "priority": "culture",
        "priority_short": "Learning culture",
        "short_title": "Needs agreed in review",
        "title": "Staff whose PD needs were agreed in a performance review in the last 12 months",
        "unit": "percent",
        "better": "higher",
        "frequency": "year",
        "numerator": "Staff with PD needs agreed in review",
        "denominator": "Staff in post",
        "evidence_kind": "survey",
    }
    return record | changes


def value_row(**changes: Any) -> dict[str, Any]:
    """One row of a values frame: 61.2% (58.0 to 64.4), on track, unless told otherwise."""
    row: dict[str, Any] = {
        "level": "region",
        "area_code": "E12000007",
        "area": "London",
        "region_code": "E12000007",
        "indicator": "reviewed",
        "period": "2011/12",
        "period_position": 2012.0,
        "value": 61.2,
        "lower": 58.0,
        "upper": 64.4,
        "numerator": 612.0,
        "denominator": 1000.0,
        "units": 40.0,
        "expected_units": 44.0,
        "coverage": 0.91,
        "n_eff": 800.0,
        "baseline": 50.0,
        "expected": 60.0,
        "target": 65.0,
        "progress": 0.75,
        "status": "on_track",
        "reason": "",
        "symbol": "",
    }
    return row | changes


def missing_row(symbol: str = "c", **changes: Any) -> dict[str, Any]:
    """A row whose numbers may not be shown."""
    numbers = ("value", "lower", "upper", "numerator", "denominator", "n_eff", "expected", "progress")
    hidden = {"status": "none", "reason": "suppressed", "symbol": symbol}
    return value_row(**(dict.fromkeys(numbers, np.nan) | hidden | changes))


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    """A values frame, with its columns even when there are no rows."""
    return pd.DataFrame(list(rows), columns=list(value_row()))


def regions(indicator_code: str = "reviewed", period: str = "2011/12", first: float = 52.0) -> pd.DataFrame:
    """Nine regions, two points apart from `first` upwards, with an interval of three points each way."""
    rows = []
    for index, (code, name, _) in enumerate(REGIONS):
        value = first + 2 * index
        status = "on_track" if value >= 60 else "at_risk" if value + 3 >= 60 else "off_track"
        rows.append(
            value_row(
                area_code=code,
                area=name,
                region_code=code,
                indicator=indicator_code,
                period=period,
                period_position=POSITIONS[period],
                value=value,
                lower=value - 3,
                upper=value + 3,
                status=status,
            )
        )
    return frame(*rows)


def england(indicator_code: str = "reviewed", period: str = "2011/12", value: float = 60.5) -> pd.DataFrame:
    """England's row."""
    return frame(
        value_row(
            level="england",
            area_code=ENGLAND[0],
            area=ENGLAND[1],
            region_code="",
            indicator=indicator_code,
            period=period,
            period_position=POSITIONS[period],
            value=value,
            lower=value - 0.5,
            upper=value + 0.5,
        )
    )


def areas() -> pd.DataFrame:
    """The ten columns of the heat table."""
    listed = [{"area_code": c, "area": n, "short": s, "level": "region"} for c, n, s in REGIONS]
    code, name, short = ENGLAND
    return pd.DataFrame([*listed, {"area_code": code, "area": name, "short": short, "level": "england"}])
