"""Frames that pages and reports are both made from: no Streamlit, nothing kept; figures come from data_access.values.

Pages keep what these return (exports.views); a report asks once for all its areas.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from charts.figure import Context
from data_access import former, queries, values, versions
from data_access.engine import get_engine, reading
from data_access.periods import TERMS
from measures import sentences, words
from measures.comparison import a_year_ago, neighbour_mean, quartile, rank
from measures.status import Summary, summarise
from measures.trends import with_trend

# Also of a version before the first figure.
SOURCE = ["indicator", "source", "licence", "kind", "file_name", "imported_at"]
INVENTED = "Illustrative data: the figures are invented to show the dashboard; they say nothing about a real place."
PUBLISHED = "Published data."
MIXED = "Illustrative data: some figures are invented, others published; Sources says which."
PHASES = ("all", "primary", "secondary", "special")


@dataclass(frozen=True)
class Reference:
    """What does not depend on a filter: see data_access.queries for the columns."""

    version: int
    made_at: pd.Timestamp
    strategy: dict[str, object]
    indicators: pd.DataFrame
    priorities: pd.DataFrame
    outcomes: pd.DataFrame
    regions: pd.DataFrame
    authorities: pd.DataFrame
    staff_groups: pd.DataFrame
    periods: pd.DataFrame
    sources: pd.DataFrame
    aliases: list[former.Alias]
    changes: pd.DataFrame

    @cached_property
    def frequency(self) -> pd.Series:
        """'year' or 'term' by indicator code."""
        return self.indicators.set_index("code")["frequency"]

    @cached_property
    def of_strategy(self) -> pd.DataFrame:
        """The indicators that belong to a priority."""
        return self.indicators[self.indicators["priority"].notna()]

    @cached_property
    def illustrative(self) -> bool:
        """True where any figure is invented."""
        return bool((self.sources["kind"] == "illustrative").any())

    @cached_property
    def published(self) -> bool:
        """True where any figure was published."""
        return bool((self.sources["kind"] != "illustrative").any())

    @cached_property
    def kind_words(self) -> str:
        """Whether the figures are illustrative, in a sentence."""
        if not self.illustrative:
            return PUBLISHED
        return MIXED if self.published else INVENTED

    @cached_property
    def period_labels(self) -> dict[str, str]:
        """A period's code → what it is called."""
        return dict(zip(self.periods["code"], self.periods["label"], strict=True))


def reference(version: int) -> Reference:
    """The reference frames of a data version."""
    with reading(get_engine()) as connection:
        as_at = versions.earlier(connection, version)
        return Reference(
            version=version,
            made_at=queries.made_at(connection, version),
            strategy=queries.about_strategy(connection),
            indicators=queries.indicators(connection, as_at),
            priorities=queries.priorities(connection),
            outcomes=queries.outcomes(connection),
            regions=queries.regions(connection),
            authorities=queries.authorities(connection),
            staff_groups=queries.staff_groups(connection),
            periods=queries.periods(connection),
            sources=queries.sources(connection, as_at).reindex(columns=SOURCE),
            aliases=former.aliases(connection),
            changes=former.changes(connection),
        )


def default_period(known: Reference) -> str:
    """The strategy's last year with figures, or the latest year there is."""
    years = known.periods[known.periods["kind"] == "year"]
    within = years[years["position"] <= float(str(known.strategy["final_year"])[:4]) + 1]
    return str((within if len(within) else years)["code"].iloc[-1])


def year_before(known: Reference, period: str) -> str | None:
    """The code of the same period a year before, where the database has it."""
    start = int(period[:4]) if period[:4].isdigit() else 0
    code = f"{start - 1}/{start % 100:02d}{period[7:]}"
    return code if code in set(known.periods["code"]) else None


def short_period(period: str) -> str:
    """'2011/12' as it is, '2011/12 summer' as 'Sum 11/12'."""
    year, _, term = period.partition(" ")
    return f"{term[:3].capitalize()} {year[2:]}" if term in TERMS else period


def shortest_period(period: str) -> str:
    """'2011/12' as it is, '2011/12 summer' as 'Sum 12'."""
    year, _, term = period.partition(" ")
    return f"{term[:3].capitalize()} {year[2:4] if term == TERMS[0] else year[5:]}" if term in TERMS else period


def trends(known: Reference, history: pd.DataFrame, until: str | None = None) -> pd.DataFrame:
    """The trend marker of every area and indicator of a history: measures.trends.with_trend.

    until: the code of the last period that counts; None: of all periods.
    """
    rows = history
    if until is not None:
        rows = rows[rows["period_position"] <= known.periods.set_index("code")["position"][until]]
    limits = known.indicators.set_index("code")[["trend_points", "trend_confidence"]]
    return with_trend(rows.join(limits, on="indicator"))


def beside(
    known: Reference, history: pd.DataFrame, period: str, markers: pd.DataFrame, neighbours: pd.DataFrame | None
) -> pd.DataFrame:
    """The rows of one period with what each is set against.

    history: all areas of a level, all indicators, all periods (data_access.values.area_values); markers: see trends;
    neighbours: data_access.neighbours, None where the level has none.

    value_before and change: measures.comparison.a_year_ago. rank, quartile, ranked (how many areas have a value) and
    tied (bool): among all areas of the level. trend, trend_points_used, slope_sign: as at the period. With neighbours
    also neighbour_value, neighbours_reported, neighbours_asked: measures.comparison.neighbour_mean.
    """
    keys = ["indicator", "area_code"]
    rows = values.at_period(a_year_ago(history), period, known.frequency)
    by, value = rows["indicator"], rows["value"]
    rows = rows.assign(rank=rank(value, rows["better"], by), quartile=quartile(value, rows["better"], by))
    rows["ranked"] = value.groupby(by).transform("count")
    rows["tied"] = rows["rank"].notna() & rows.duplicated(["indicator", "rank"], keep=False)
    rows = rows.merge(markers.drop(columns="trend_statistic"), on=keys, how="left")
    if neighbours is not None:
        rows = rows.merge(neighbour_mean(rows, neighbours), on=keys, how="left")
    return rows


def context(
    known: Reference,
    rows: pd.DataFrame,
    indicator: str | None = None,
    *,
    place: str,
    period_label: str,
    staff_group: str,
    staff_label: str,
    phase: str,
    comparator: str = "",
) -> Context:
    """The words that go with a figure: place, period, source, coverage of the rows, version, date."""
    sources = known.sources if indicator is None else known.sources[known.sources["indicator"] == indicator]
    in_phase = "" if phase == "all" else f", {phase} schools"
    if indicator is not None and len(rows):
        period_label = known.period_labels[rows["period"].iloc[-1]]
    return Context(
        place=place,
        period_label=period_label,
        staff_label=staff_words(known, indicator, staff_group, staff_label) + in_phase,
        comparator=comparator,
        source=words.joined(sorted(set(sources["source"]))) if len(sources) else "none yet",
        coverage_text=sentences.coverage_words(rows["units"].sum(), rows["expected_units"].sum()),
        data_version=str(known.version),
        date_text=words.day(known.made_at),
        illustrative=bool((sources["kind"] == "illustrative").any()),
    )


def staff_words(known: Reference, indicator: str | None, staff_group: str, staff_label: str) -> str:
    """The staff group in words; where all staff are asked for but only some are collected, which."""
    if indicator is None or staff_group != "all":
        return staff_label
    titles = known.staff_groups.set_index("code")["title"]
    groups: list[str] = dict(zip(known.indicators["code"], known.indicators["staff_groups"], strict=True))[indicator]
    return str(titles[groups[0]]).lower() if len(groups) == 1 and groups[0] != "all" else staff_label


def summaries(
    known: Reference, rows: pd.DataFrame, before: pd.DataFrame | None
) -> dict[str, tuple[Summary, Summary | None]]:
    """Priority → its summary in one area, and a year before where there are rows of that.

    rows, before: the area's figures of one period, one row an indicator.
    """
    found = {}
    for priority in known.priorities["code"]:
        mine = known.of_strategy.loc[known.of_strategy["priority"] == priority, "code"]
        then = summarise(before[before["indicator"].isin(mine)]) if before is not None else None
        found[priority] = (summarise(rows[rows["indicator"].isin(mine)]), then)
    return found


def response(known: Reference, by_phase: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The share of one authority's schools that answered: one row a phase and kind of collection, in order.

    by_phase: phase → the authority's figures of one period, one row an indicator. Columns: phase, kind, schools (how
    many there are), share (a fraction; of the returns of all indicators of the kind).
    """
    school = known.indicators.loc[known.indicators["collected_from"] == "school", ["code", "evidence_kind"]]
    found = []
    for phase, rows in by_phase.items():
        due = rows.merge(school, left_on="indicator", right_on="code").dropna(subset=["expected_units"])
        for kind, group in due.groupby("evidence_kind"):
            share = group["units"].fillna(0).sum() / group["expected_units"].sum()
            found.append((phase, str(kind), int(group["expected_units"].max()), float(share)))
    return pd.DataFrame(found, columns=["phase", "kind", "schools", "share"])
