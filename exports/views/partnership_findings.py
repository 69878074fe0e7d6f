"""What partnerships changed, what stands in their way, and which are about to stall: kept by the number of the edit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from charts.challenge_states import challenge_states as states_figure
from charts.figure import Context, Figure
from charts.impact_matrix import impact_matrix as matrix
from data_access.evidence import today
from exports.kept import kept
from exports.shown import Shown
from exports.views import data, partnerships, university_programmes
from exports.views.evidence import edit_shown
from exports.views.registry import view
from measures import partnership_impacts as impacts
from measures import stalls, words
from measures.partnership_state import Register
from measures.partnership_words import KINDS
from measures.stall_rules import rules
from measures.stalls import Remedy, Stalls

SHEET = "Impacts and challenges"


def everywhere(now: Shown) -> Register:
    """The register of all England, as at the end of the period."""
    return partnerships.register(replace(now, region=None, region_name=None, la=None, la_name=None))


@view(0, "partnerships", show=SHEET)  # kept below, since it changes with each edit and not only with the figures
def impact_matrix(now: Shown, impacts: str | None = None) -> Figure:
    """What partnerships changed, by level or, of one level, by impact; each partnership, or the kinds where many."""
    return _matrix(now, edit_shown(now.version), impacts)


@kept(60)
def _matrix(now: Shown, number: int, level: str | None) -> Figure:
    found = partnerships.register(now)
    rated, whole = impacts.ratings(found, level), found.partnerships
    few = len(whole) <= impacts.MOST_NAMED
    clear = rated[rated["rating"] == "clear"].groupby("partnership").size()
    order = whole.assign(clear=whole["code"].map(clear).fillna(0)).sort_values(
        ["clear", "name"], ascending=[False, True], kind="stable"
    )
    kinds = whole["kind"].value_counts()
    return matrix(
        rated,
        dict(zip(order["code"], order["name"], strict=True)) if few else {},
        {code: int(kinds[code]) for code in KINDS if code in kinds},
        _context(now, found, f"{rated['partnership'].nunique():,} of {words.plural(len(whole), 'partnership')} rated"),
        level,
    )


@view(0, "partnerships", show=SHEET)
def challenge_states(now: Shown) -> Figure:
    """The challenges of the partnerships that go on, by state."""
    return _states(now, edit_shown(now.version))


@kept(60)
def _states(now: Shown, number: int) -> Figure:
    found = partnerships.register(now)
    going = found.partnerships.loc[found.partnerships["going"].astype(bool), "code"]
    noted = found.challenges.loc[found.challenges["partnership"].isin(going), "partnership"].nunique()
    said = f"{noted:,} of {words.plural(len(going), 'partnership')} that go on noted a challenge"
    return states_figure(impacts.challenges(found), _context(now, found, said))


def _context(now: Shown, found: Register, counted: str) -> Context:
    return Context(
        place=now.area,
        period_label=now.period_label,
        staff_label="",
        comparator="",
        source="Partnership register",
        coverage_text=counted,
        data_version=str(now.version),
        date_text=words.day(data.reference(now.version).made_at),
        illustrative=bool(found.partnerships["illustrative"].astype(bool).any()),
    )


# A chart of the register → the sheet that it counts, where that is not its impacts or challenges.
SHEETS = {
    "set_up_to_last": "partnerships",
    "partnerships_last": "partnerships",
    "engagement_ladder": "engagement",
    "networks_meet": "members",
    "shared_partnerships": "members",
    "partnership_links": "members",
    "programme_fees": "programmes",
    "programme_savings": "programmes",
    "programme_completion": "programmes",
    "completion_cost": "programmes",
    "programme_ways": "programmes",
    "programme_themes": "programmes",
}


def entries(now: Shown, view: str, level: str | None = None) -> tuple[str, pd.DataFrame]:
    """The sheet of the register that a chart counts, and its rows that bear on the chosen area; with illustrative.

    Of impacts and challenges just those counted; level: as in impact_matrix.
    """
    found = partnerships.register(now)
    whole = found.partnerships.set_index("code")
    if view == "challenge_states":
        going = whole.index[whole["going"].astype(bool)]
        sheet, rows = "challenges", found.challenges[found.challenges["partnership"].isin(going)]
    elif view == "impact_matrix":
        sheet, rows = "impacts", found.impacts[impacts.shown(found.impacts["impact"], level)]
    else:
        sheet = SHEETS[view]
        if sheet == "programmes":
            return sheet, university_programmes.programmes(now)
        return sheet, rows_of(now, sheet)
    return sheet, _with_kind(rows, found)


def rows_of(now: Shown, sheet: str) -> pd.DataFrame:
    """The rows of a sheet of the register that bear on the chosen area, with illustrative."""
    found = partnerships.register(now)
    return found.partnerships if sheet == "partnerships" else _with_kind(getattr(found, sheet), found)


def _with_kind(rows: pd.DataFrame, found: Register) -> pd.DataFrame:
    invented = found.partnerships.set_index("code")["illustrative"]
    return rows.assign(illustrative=rows["partnership"].map(invented).astype(bool))


# What others did, and who is about to stall ------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """Of all England on the day: the warnings, what others did, and the name of each partnership by its code."""

    day: date
    stalls: Stalls
    remedies: Mapping[str, list[Remedy]]
    names: Mapping[str, str]


def known(now: Shown) -> Known:
    """What is known as at the end of the period, or today where that is earlier."""
    england = replace(now, region=None, region_name=None, la=None, la_name=None)
    return _known(england, edit_shown(now.version), today())


@kept(12)
def _known(now: Shown, number: int, latest: date) -> Known:
    found = partnerships.register(now)
    found = replace(found, day=min(found.day, latest))  # no gap reaches beyond today
    whole = found.partnerships
    names = dict(zip(whole["code"], whole["name"], strict=True))
    return Known(found.day, stalls.stalls(found, rules()), stalls.remedies(found), names)


def warnings(now: Shown) -> pd.DataFrame:
    """The warnings about partnerships that bear on the chosen area, those with most first: measures.stalls.COLUMNS."""
    return _warnings(now, edit_shown(now.version), today())


@kept(60)
def _warnings(now: Shown, number: int, latest: date) -> pd.DataFrame:
    found = known(now).stalls.warnings
    found = found[found["partnership"].isin(partnerships.register(now).partnerships["code"])]
    many = found.groupby("partnership")["rule"].transform("size")
    return found.assign(many=many).sort_values("many", ascending=False, kind="stable").drop(columns="many")


def judged(now: Shown) -> tuple[int, dict[str, int]]:
    """How many partnerships of the chosen area go on; of how many each rule can judge."""
    return _judged(now, edit_shown(now.version), today())


@kept(60)
def _judged(now: Shown, number: int, latest: date) -> tuple[int, dict[str, int]]:
    whole = partnerships.register(now).partnerships
    going = set(whole.loc[whole["going"].astype(bool), "code"])
    return len(going), {code: len(codes & going) for code, codes in known(now).stalls.judged.items()}
