"""The chosen authority's schools: frames and figures, kept in memory; who may see them is asked each time."""

from dataclasses import replace

import pandas as pd

from charts import school_map
from charts.figure import Context, Figure
from data_access import access, audit, values
from data_access import schools as registered
from data_access.engine import get_engine, reading
from exports import chase
from exports.shown import Shown
from exports.views import behind as listed
from exports.views import data
from exports.views.figures import ENGLAND, context, features, kept
from measures import response, words
from pages.parts import filters


def check(now: Shown) -> None:
    """Raise NotAllowed unless the schools of the chosen authority may be seen; asked before anything kept is used."""
    access.viewer().check(*authority(now))


def authority(now: Shown) -> tuple[str, str]:
    """Code and name of the chosen authority, which its schools' figures carry into files."""
    return str(now.la), str(now.la_name)


@kept(40, of_schools=True)
def _register(version: int, la: str) -> pd.DataFrame:
    with reading(get_engine()) as connection:
        return registered.register(connection, la, as_at=version)


@kept(40, of_schools=True)
def _history(version: int, la: str, staff_group: str) -> pd.DataFrame:
    with reading(get_engine()) as connection:
        return values.school_values(connection, None, la_code=la, staff_group=staff_group, as_at=version)


@kept(100, of_schools=True)
def _rows(version: int, la: str, staff_group: str, period: str) -> pd.DataFrame:
    """The figures of the authority's schools that answer for a period, of the strategy's indicators."""
    known = data.reference(version)
    rows = values.at_period(_history(version, la, staff_group), period, known.frequency)
    return rows[rows["indicator"].isin(known.of_strategy["code"])]


def register(now: Shown) -> pd.DataFrame:
    """The authority's schools of every phase, by name: data_access.schools.register."""
    check(now)
    return _register(now.version, str(now.la))


def history(now: Shown) -> pd.DataFrame:
    """What the authority's schools of every phase published, all indicators and periods: data_access.values.COLUMNS."""
    check(now)
    return _history(now.version, str(now.la), now.staff_group)


def rows(now: Shown) -> pd.DataFrame:
    """The same for the period: one row a school × indicator of the strategy."""
    check(now)
    return _rows(now.version, str(now.la), now.staff_group, now.period)


def behind(now: Shown, urn: str | None = None, indicator: str | None = None) -> pd.DataFrame:
    """The figures of the chosen phase's schools for the period, or of one in every period with what it is set against.

    Only what was due. Columns: exports.views.behind.ROW; of one school its own first, the chosen period at the top.
    """
    if urn is None:
        found = rows(now)
        due = response.with_returns(found)["due"]
        return listed.listed(found[due & found["area_code"].isin(overview(now)["urn"])], now)
    phase = str(register(now).set_index("urn")["phase"][urn])
    of = [("la", "all"), ("la", phase), ("england", "all")]
    found = pd.concat([history(now), *(data.history(now.version, level, now.staff_group, each) for level, each in of)])
    found = found[found["area_code"].isin([urn, str(now.la), ENGLAND])]
    found = found[response.with_returns(found)["due"] & found["indicator"].isin(_asked_of(found, urn, indicator))]
    found = found.assign(other=found["period"] != now.period)
    found = found.sort_values(["other", "period_position"], ascending=[True, False], kind="stable")
    return listed.listed(found, now, urn)


def _asked_of(found: pd.DataFrame, urn: str, indicator: str | None) -> list[str]:
    """The indicators of which a school has a figure, or the one of them that is asked for."""
    mine = found.loc[found["area_code"] == urn, "indicator"].unique()
    return [code for code in mine if indicator in (None, code)]


def overview(now: Shown) -> pd.DataFrame:
    """The register of the schools of the chosen phase that owe anything, with measures.response.by_school.

    Also said: '9 of 12 returns in'; share_in and share_on_track: fractions of what is due and can be judged.
    """
    check(now)
    return _overview(now)


@kept(100, of_schools=True)
def _overview(now: Shown) -> pd.DataFrame:
    known = data.reference(now.version)
    there = register(now)
    there = there if now.phase == "all" else there[there["phase"] == now.phase]
    counts = response.by_school(rows(now), known.of_strategy.set_index("code")["priority"])
    made = there.merge(counts, left_on="urn", right_on="area_code").drop(columns="area_code")
    in_words = made["received"].astype(str) + " of " + made["due"].astype(str) + " returns in"
    return made.assign(
        said=in_words.astype(object),
        share_in=made["received"] / made["due"],
        share_on_track=made["on_track"] / made["judged"].where(made["judged"] > 0),
    )


def table(now: Shown, schools: pd.DataFrame) -> pd.DataFrame:
    """Some schools of the overview as people read them, in their order."""
    made = {
        "School": schools["name"],
        "Phase": schools["phase"].str.capitalize(),
        "Cluster": schools["cluster"].where(schools["cluster"] != "", "–"),
        "Returns in": _of(schools["received"], schools["due"]),
        "Response": schools["response"].map(response.RESPONSES),
    }
    for priority in data.reference(now.version).priorities.itertuples():
        on_track, judged = schools[f"on_track_{priority.code}"], schools[f"judged_{priority.code}"]
        made[priority.short] = _of(on_track, judged)
    return pd.DataFrame(made | {"URN": schools["urn"]}).reset_index(drop=True)


def _of(some: pd.Series, whole: pd.Series) -> list[str]:
    return [f"{a} of {b}" if b else "–" for a, b in zip(some, whole, strict=True)]


def words_of(now: Shown) -> str:
    """'394 of 504 returns in' for the line under the title; '' where none is due."""
    found = overview(now)
    if found.empty:
        return ""
    return f"{found['received'].sum():,} of {found['due'].sum():,} returns in"


def outline(now: Shown) -> dict | None:
    """The authority's outline, where there is one."""
    return next((found for found in features("la", now.version) if found["code"] == now.la), None)


def words_around(now: Shown, frame: pd.DataFrame, place: str, comparator: str = "") -> Context:
    """The words of a figure about schools; its sources are those of what schools return."""
    known = data.reference(now.version)
    of_schools = known.indicators.loc[known.indicators["collected_from"] == "school", "code"]
    sources = known.sources[known.sources["indicator"].isin(of_schools)]
    made = context(now, frame, place=place, comparator=comparator)
    return replace(
        made,
        source=words.joined(sorted(set(sources["source"]))) if len(sources) else "none yet",
        illustrative=bool((sources["kind"] == "illustrative").any()),
        schools_of=authority(now),
    )


def map_figure(now: Shown) -> Figure:
    """The map of all schools of the chosen phase, with the table of them as its twin."""
    check(now)
    return _map_figure(now)


@kept(60, of_schools=True)
def _map_figure(now: Shown) -> Figure:
    found = overview(now)
    made = words_around(now, pd.DataFrame({"units": found["received"], "expected_units": found["due"]}), now.area)
    return school_map.map_figure(found, made, outline(now), table(now, found))


# To chase ------------------------------------------------------------------------------------------------


def missing(now: Shown) -> pd.DataFrame:
    """A row a missing return of the schools of the chosen phase, in words."""
    check(now)
    return _missing(now)


@kept(60, of_schools=True)
def _missing(now: Shown) -> pd.DataFrame:
    known = data.reference(now.version)
    there = overview(now)
    owed = response.missing(rows(now))[["area_code", "indicator", "period"]]
    about = known.of_strategy[["code", "priority_short", "outcome", "short_title", "evidence_kind"]]
    about = about.assign(position=range(len(about)))
    made = there.merge(owed, left_on="urn", right_on="area_code").merge(about, left_on="indicator", right_on="code")
    made = made.merge(known.sources[["indicator", "source"]], on="indicator", how="left")
    made = made.assign(place=made["urn"].map({urn: at for at, urn in enumerate(there["urn"])}))
    made = made.sort_values(["place", "position"])
    return pd.DataFrame(
        {
            "URN": made["urn"],
            "School": made["name"],
            "Phase": made["phase"].str.capitalize(),
            "Cluster": made["cluster"],
            "Priority": made["priority_short"],
            "Indicator": made["outcome"] + " " + made["short_title"],
            "Period": made["period"],
            "Collection": made["evidence_kind"].str.capitalize(),
            "Source": made["source"].fillna("none yet"),
        }
    ).reset_index(drop=True)


def to_chase(now: Shown) -> pd.DataFrame:
    """A row a school of the chosen phase that owes returns, with their names; those that owe most first."""
    check(now)
    return _to_chase(now)


@kept(60, of_schools=True)
def _to_chase(now: Shown) -> pd.DataFrame:
    there = overview(now)
    there = there[there["received"] < there["due"]]
    names = missing(now).groupby("URN", sort=False)["Indicator"].agg("; ".join)
    there = there.assign(owed=there["due"] - there["received"]).sort_values("owed", ascending=False, kind="stable")
    return pd.DataFrame(
        {
            "URN": there["urn"],
            "School": there["name"],
            "Phase": there["phase"].str.capitalize(),
            "Cluster": there["cluster"],
            "Missing": there["owed"],
            "Due": there["due"],
            "Missing returns": there["urn"].map(names),
        }
    ).reset_index(drop=True)


def chase_file(now: Shown, today: str) -> bytes:
    """The workbook of the schools to chase; today: the date of the export."""
    check(now)
    audit.schools_left(f"schools of {now.la}, to chase")
    known = data.reference(now.version)
    about = words_around(now, pd.DataFrame({"units": [0], "expected_units": [0]}), now.area)
    schools = to_chase(now)
    kind = "Illustrative data: the figures are invented; they say nothing about any real place or school."
    cover = {
        "Title": f"Schools to chase in {now.la_name}",
        "What": "Schools that owe returns for the period, with the indicators for which nothing is in.",
        "Local authority": f"{now.la_name} ({now.la})",
        "Period": now.period_label,
        "Phase": "All phases" if now.phase == "all" else now.phase.capitalize(),
        "Staff group": now.staff_label[:1].upper() + now.staff_label[1:],
        "Schools": f"{len(schools)} of {len(overview(now))} owe returns",
        "Source": about.source,
        "Data version": f"{now.version}, {filters.day(known.made_at)}",
        "Exported": today,
        "Kind of data": kind if about.illustrative else "Published data",
        "Sheets": "Schools to chase: a line a school. Missing returns: a line a return that is not in.",
    }
    return chase.chase_workbook(cover, schools, missing(now))
