"""What the partnership register gives as figures of indicators, beside what stands now, for people."""

import pandas as pd

from data_access.engine import get_engine, reading
from data_access.partnerships import complete, computed
from data_access.partnerships.computed import Computed
from exports.kept import kept
from exports.shown import Shown
from exports.views import data, partnerships
from exports.views.evidence import edit_shown, within
from measures import words
from measures.partnership_words import HELD_WHOLE
from measures.register_figures import NOTHING_TO_COUNT


def said_complete(now: Shown) -> pd.DataFrame:
    """Where somebody said that the register is complete, in the chosen area: a row a statement, of complete.rows."""
    return _said(now.version, now.area_code, edit_shown(now.version))


@kept(30)
def _said(version: int, area: str, number: int) -> pd.DataFrame:
    with reading(get_engine()) as connection:
        found = complete.rows(connection, number)
    names = partnerships.there(version).authorities
    inside = _inside(found, area, version)
    return inside.assign(name=inside["la_code"].map(names)).sort_values(["name", "what", "period"])


def _inside(rows: pd.DataFrame, area: str, version: int) -> pd.DataFrame:
    """The rows of authorities (la_code) that are an area or lie in it."""
    known = within(version)
    inside = {la for la, above in known.items() if area in (la, above, known.get(above))}
    return rows[rows["la_code"].isin(inside)]


def statements(now: Shown) -> pd.DataFrame:
    """The same in words: Authority, School year, What the register holds."""
    return _statements(now, edit_shown(now.version))


@kept(30)
def _statements(now: Shown, number: int) -> pd.DataFrame:
    found, names = said_complete(now), partnerships.there(now.version)
    return pd.DataFrame(
        {
            "Authority": found["la_code"].map(names.authorities),
            "School year": found["period"].map(names.years),
            "What the register holds": found["what"].map(HELD_WHOLE),
        }
    ).astype(object)


def computed_figures(now: Shown) -> Computed:
    """What the register gives for the chosen period, of all England; raises DataAccessError for an odd period."""
    return _computed(now.version, now.period, edit_shown(now.version))


@kept(8)
def _computed(version: int, period: str, number: int) -> Computed:
    with reading(get_engine()) as connection:
        return computed.compute(connection, period, number, lambda code: partnerships.sheet(code, number, version))


def beside(now: Shown) -> pd.DataFrame:
    """The register's figures beside those that stand now, for people: a row an authority × indicator × period.

    Of the chosen area. Figures of all schools of an authority are added up.
    """
    return _beside(now.version, now.period, now.area_code, edit_shown(now.version))


@kept(30)
def _beside(version: int, period: str, area: str, number: int) -> pd.DataFrame:
    found = _computed(version, period, number).rows
    known, names = data.reference(version), partnerships.there(version)
    key = ["la_code", "indicator", "period"]
    rows = _inside(found, area, version)
    parts = {"numerator": ("numerator", "sum"), "denominator": ("denominator", "sum"), "why": ("why", "first")}
    rows = rows.groupby(key, sort=False, as_index=False).agg(**parts)
    standing = data.history(version, "la", "all", "all").rename(columns={"area_code": "la_code"})
    rows = rows.merge(standing[[*key, "value", "symbol", "unit"]], on=key, how="left")
    titles = known.indicators.set_index("code")["short_title"]
    shares = zip(rows["numerator"], rows["denominator"], rows["why"], strict=True)
    stands = zip(rows["value"], rows["symbol"].fillna(""), strict=True)
    made = pd.DataFrame(
        {
            "Authority": rows["la_code"].map(names.authorities),
            "Indicator": rows["indicator"].map(titles),
            "Period": rows["period"].map(known.period_labels),
            "Register": [
                f"{words.number(100 * n / d, 'percent')} ({n:.0f} of {d:.0f})" if not why else _none(why)
                for n, d, why in shares
            ],
            "Stands now": [words.number(value, "percent", symbol) for value, symbol in stands],
            "Why there is none": rows["why"],
        }
    )
    return made.sort_values(["Authority", "Indicator", "Period"], ignore_index=True).astype(object)


def _none(why: str) -> str:
    return "z" if why in NOTHING_TO_COUNT else "–"


def in_words(now: Shown) -> str:
    """How many figures the register gives, of how many authorities, and how many it does not."""
    return _in_words(now, edit_shown(now.version))


@kept(30)
def _in_words(now: Shown, number: int) -> str:
    found = beside(now)
    everyone = pd.DataFrame({"la_code": list(partnerships.there(now.version).authorities)})
    inside = _inside(everyone, now.area_code, now.version)
    las, figures = found["Authority"].nunique(), int((found["Why there is none"] == "").sum())
    nothing = int((found["Register"] == "z").sum())
    rest = len(inside) - las
    figure = words.plural(figures, "figure")
    said = f"{figure} of {words.plural(las, 'authority', 'authorities')}, and {nothing} with nothing to count; "
    said += f"{len(found) - figures - nothing} could not be computed."
    return said + (f" Of {rest} more nobody said that the register is complete then." if rest else "")
