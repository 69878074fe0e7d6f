"""The figures behind a spine chart: every indicator on one scale, with England in the middle."""

import pandas as pd

from charts.figure import number_or_none, text_or_blank
from measures import words
from measures.comparison import compare


def standardised(
    own: pd.DataFrame,
    england: pd.DataFrame,
    region: pd.DataFrame | None,
    las: pd.DataFrame,
    indicators: pd.DataFrame,
    neighbours: pd.DataFrame | None,
) -> pd.DataFrame:
    """One row an indicator: positions between -1 and 1 with England at 0 and better to the right, and texts.

    The scale of a row is the distance from England to the local authority furthest from it, so 0 and the wider end of
    the band fall at the same place in each row; an area outside the band is drawn at its edge.
    """
    none = own.iloc[:0]
    frames = {"own": own, "england": england, "region": region, "neighbours": neighbours}
    values = {key: (none if frame is None else frame).set_index("indicator")["value"] for key, frame in frames.items()}
    known = las.dropna(subset=["value"])
    rows = []
    for record in indicators.to_dict("records"):
        code, unit = str(record["code"]), str(record["unit"])
        here = {key: number_or_none(series.get(code)) for key, series in values.items()}
        ends = known.loc[known["indicator"] == code, "value"].quantile([0, 0.25, 0.75, 1]).dropna().to_list()
        mine = own[own["indicator"] == code]
        symbol = text_or_blank(mine["symbol"].iloc[0]) if len(mine) else ""
        limits = (number_or_none(mine["lower"].iloc[0]), number_or_none(mine["upper"].iloc[0])) if len(mine) else ()
        here |= dict(zip(["from", "to"], limits or (None, None), strict=True))
        places = _places(here, ends, str(record["better"]))
        rows.append(
            {
                "indicator": code,
                "title": record["short_title"],
                **places,
                "status": text_or_blank(mine["status"].iloc[0]) if len(mine) else "none",
                "comparison": comparison_of(mine, here["england"], record["better"]),
                "value": words.number(here["own"], unit, symbol),
                "nation": words.number(here["england"], unit),
                "area_text": words.number(here["region"], unit),
                "interval": words.interval(*(limits or (None, None)), unit),
            }
        )
    return pd.DataFrame(rows)


def _places(here: dict[str, float | None], ends: list[float], better: str) -> dict[str, float | None]:
    """Positions of own, region, neighbours, the interval's ends (from, to) and the band's low, first, third, high.

    All None without England.
    """
    base = here["england"]
    keys = ["own", "region", "neighbours", "from", "to"]
    wanted = {key: here[key] for key in keys} | dict(zip(["low", "first", "third", "high"], ends, strict=False))
    if base is None:
        return dict.fromkeys(wanted)
    reach = max((abs(end - base) for end in ends), default=0.0)
    reach = reach or max((abs(value - base) for value in wanted.values() if value is not None), default=0.0) or 1.0
    sign = -1 if better == "lower" else 1
    return {
        key: None if value is None else max(-1.0, min(1.0, sign * (value - base) / reach))
        for key, value in wanted.items()
    }


def comparison_of(mine: pd.DataFrame, england: float | None, better: str | None) -> str:
    """In the words of measures.comparison: the frame's own column `comparison` where it has one, else worked out."""
    if mine.empty:
        return "Not compared"
    if "comparison" in mine and isinstance(mine["comparison"].iloc[0], str):
        return str(mine["comparison"].iloc[0])
    row = mine.iloc[:1]
    benchmark = pd.Series([england], index=row.index, dtype=float)
    found = compare(row["lower"], row["upper"], benchmark, pd.Series([better], index=row.index, dtype=object))
    return str(found[0])
