"""Priorities outcome by outcome: what the indicators show, which action lines serve it, which evidence bears on it."""

from dataclasses import dataclass, replace

import pandas as pd

from charts import cards
from charts import outcome as drawn
from charts.figure import Figure, Record, plain
from charts.outcome import Rows
from charts.series import Row
from charts.tables import by_code
from exports.kept import kept
from exports.shown import ENGLAND, Shown
from exports.views import data, evidence, figures, plan
from exports.views.registry import view
from measures import findings, words
from measures.comparison import compare
from measures.strength import STRENGTHS
from seed_data import reference as files

MOST_BEHIND = 3  # sentences of what is behind in one priority
NO_EVIDENCE = "No evidence"


@dataclass(frozen=True)
class Outcome:
    """An outcome, what bears on it, and how it stands in the chosen area.

    indicators: code → short title, in the order of the strategy. on_track: '2 of 3' of those that can be judged, or why
    there is no count. evidence: rows of measures.evidence.by_outcome, strongest first; without: the sentence that there
    is none, '' where there is. lines: the action lines that serve it, as in lines_for, with why.
    """

    code: str
    title: str
    indicators: dict[str, str]
    on_track: str
    evidence: list[dict]
    without: str
    lines: list[dict]

    @property
    def evidence_words(self) -> str:
        """'3 entries, at best moderate', '1 entry, strong', 'No evidence'."""
        if not self.evidence:
            return NO_EVIDENCE
        count, best = len(self.evidence), STRENGTHS[self.evidence[0]["strength"]].lower()
        return f"1 entry, {best}" if count == 1 else f"{count} entries, at best {best}"


def outcomes(now: Shown, priority: str) -> list[Outcome]:
    """The outcomes of a priority, with the plan and the evidence as they stand or stood."""
    return _outcomes(now, plan.state(now), priority)


@kept(400)
def _outcomes(now: Shown, state: plan.State, priority: str) -> list[Outcome]:
    known = data.reference(now.version).outcomes
    mine = known[known["priority"] == priority]
    codes, rows = tuple(mine["code"]), evidence.by_outcome(now, tuple(mine["code"]))
    found: dict[str, list[dict]] = {code: [] for code in codes}
    for row in plain(rows, list(rows.columns)):
        found[row["outcome"]].append(row)
    lines = {line["line"]: line for line in _lines_for(state, priority)}
    status = {row["indicator"]: row["status"] for row in _rows(now).now}
    made = []
    for code, title in zip(codes, mine["title"], strict=True):
        titles = {each: str(about["short_title"]) for each, about in _definitions(now.version, code).items()}
        served = {line: why for line, why in files.outcome_lines()[code].items() if line in lines}
        there = [row for row in found[code] if row["code"]]
        made.append(
            Outcome(
                code=code,
                title=title,
                indicators=titles,
                on_track=_on_track([status.get(each, "none") for each in titles]),
                evidence=there,
                without="" if there else found[code][0]["found"],
                lines=[lines[line] | {"why": why} for line, why in served.items()],
            )
        )
    return made


def _on_track(statuses: list[str]) -> str:
    judged = [status for status in statuses if status != "none"]
    if judged:
        return f"{judged.count('on_track')} of {len(judged)}"
    return "not judged" if statuses else "no indicator"


def compared(now: Shown) -> tuple[str, pd.DataFrame]:
    """What the areas are called that the chosen one stands among, and their figures at the period.

    The nine regions; of an authority the authorities of its region.
    """
    level = "la" if now.la else "region"
    rows = figures.area_rows(now, level)
    return figures.place_words(now, level), rows[rows["region_code"] == now.region] if now.la else rows


@view(800, "priorities")
def outcome_rows(now: Shown, outcome: str) -> Figure | None:
    """An outcome's indicators over time and among the areas compared; None where none has a row in the period."""
    about, rows = _definitions(now.version, outcome), _rows(now)
    mine = rows.of(about)
    if not mine.now and not mine.around:
        return None
    areas, _ = compared(now)
    others = "its expected path" if now.level == "england" else "its expected path, England"
    own, sources = figures.own_rows(now), data.reference(now.version).sources
    context = figures.context(now, own[own["indicator"].isin(list(about))], comparator=f"{others} and {areas}")
    sources = sources[sources["indicator"].isin(list(about))]
    return drawn.outcome_rows(
        mine,
        about,
        _markers(now),
        replace(
            context,
            source=words.joined(sorted(set(sources["source"]))) or "none yet",
            illustrative=bool((sources["kind"] == "illustrative").any()),
        ),
        areas=areas,
        short=_short_names(now.version),
    )


@kept(40)
def _definitions(version: int, outcome: str) -> dict[str, Record]:
    known = data.reference(version).of_strategy
    return by_code(known[known["outcome"] == outcome])


@kept(8)
def _rows(now: Shown) -> Rows:
    """The figures behind all outcomes of what is shown, taken out of their frames once."""
    until = data.reference(now.version).periods.set_index("code")["position"][now.period]
    of = now.staff_group, now.phase
    own = data.of_area(now.version, now.level, *of, now.area_code)
    england = own.iloc[:0] if now.level == "england" else data.of_area(now.version, "england", *of, ENGLAND)
    nation, (_, around) = figures.area_rows(now, "england"), compared(now)
    value = around["indicator"].map(nation.set_index("indicator")["value"]).astype(float)
    around = around.assign(against=compare(around["lower"], around["upper"], value, around["better"]))

    def taken(frame: pd.DataFrame) -> list[Row]:
        return plain(frame.sort_values("period_position", kind="stable"), drawn.COLUMNS)

    return Rows(
        own=taken(own[own["period_position"] <= until]),
        england=taken(england[england["period_position"] <= until]),
        now=taken(figures.own_rows(now)),
        nation=taken(nation),
        around=plain(around, [*drawn.COLUMNS, "against"]),
    )


@kept(8)
def _markers(now: Shown) -> list[dict]:
    found = data.trends(now.version, now.level, now.staff_group, now.phase, now.period)
    return plain(found[found["area_code"] == now.area_code], ["indicator", "trend", "trend_points_used"])


@kept(4)
def _short_names(version: int) -> dict[str, str]:
    known = data.areas(version)
    return dict(zip(known["area_code"], known["short"], strict=True))


@dataclass(frozen=True)
class Standing:
    """A priority in words: how many indicators are on track; how far and since when; what is furthest behind.

    nothing: what to say where nothing is behind.
    """

    headline: str
    told: str
    behind: list[str]
    nothing: str


@kept(800)
def standing(now: Shown, priority: str) -> Standing:
    """How a priority stands in the chosen area."""
    known, before = data.reference(now.version), figures.year_before(now) or ""
    short = str(known.priorities.set_index("code")["short"][priority])
    current, earlier = figures.summaries(now)[priority]
    count = words.plural(current.total, "indicator")
    if not current.judged:
        said = f"none of {count} can be judged" if current.total else "no indicator collected"
        return Standing(f"{short}: {said}", "", [], "No indicator can be judged.")
    parts = [cards.counts(current), *(say(current, earlier, before) for say in (cards.way, cards.change))]
    of = known.of_strategy[known.of_strategy["priority"] == priority]
    rows = figures.own_rows(now)
    behind, _ = findings.attention(
        rows[rows["indicator"].isin(of["code"])],
        of,
        findings.yardstick(figures.area_rows(now, "region")),
        MOST_BEHIND,
        final_period=figures.final_period(now),
    )
    return Standing(
        f"{short}: {current.on_track} of {count} on track",
        " ".join(f"{part[:1].upper()}{part[1:]}." for part in parts if part),
        [found.sentence for found in behind],
        "No indicator is behind its path.",
    )


def how_to_read(now: Shown) -> str:
    """What the rows of all outcomes show, whence they come, and what of it is invented."""
    known, (areas, _) = data.reference(now.version), compared(now)
    of = known.sources[known.sources["indicator"].isin(known.of_strategy["code"])]
    parts = [drawn.reading(areas, england=now.level != "england")]
    parts += ["Open an indicator for its intervals, its staff groups, its definition and its source."]
    parts += [f"Source of the figures: {words.joined(sorted(set(of['source'])))}."] if len(of) else []
    parts += (
        ["Illustrative data, the evidence, the partnerships and what is said of actions included."]
        if known.illustrative
        else []
    )
    return " ".join(parts)


def lines_for(now: Shown, priority: str) -> list[dict]:
    """The action lines of a priority as the plan stands or stood: line, title, actions, done, late (counts)."""
    return _lines_for(plan.state(now), priority)


@kept(60)
def _lines_for(state: plan.State, priority: str) -> list[dict]:
    found = plan.judged(state.edit, state.day)
    mine = found[found["priority"] == priority].assign(done=found["status"] == "done")
    each = mine.groupby(["line", "line_title"], as_index=False, sort=False)
    made = each.agg(actions=("code", "size"), done=("done", "sum"), late=("late", "sum"))
    return plain(made.rename(columns={"line_title": "title"}), ["line", "title", "actions", "done", "late"])


def line_words(line: dict) -> str:
    """'7 actions, 3 done, 1 late'. line: a row of lines_for."""
    late = f"{line['late']} late" if line["late"] else "none late"
    return f"{words.plural(line['actions'], 'action')}, {line['done']} done, {late}"
