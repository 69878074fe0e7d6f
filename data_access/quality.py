"""Checks of what came in: what was taken, but should be looked at; kept with the import.

What cannot be right refuses the whole file before anything is written (files.tidy), so no import has findings of
severity 'error': a percentage's numerator above its denominator, a count below zero, two rows for the same figure,
cells that are neither number nor symbol, unknown places and periods. What is found here is a 'warning' (probably a
mistake) or a 'note' (good to know). Rows never show what is suppressed elsewhere: such numbers are left out, with the
symbol c, and so are single schools' figures.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sqlalchemy import Connection, exists, func, insert, select, text

from data_access import access, audit, bulk, queries, withholding
from data_access.access import Viewer
from data_access.files.tidy import Tidied
from data_access.periods import from_code
from data_access.places import ENGLAND_CODE
from data_access.schema import indicator, local_authority, observation, period, quality_check, school, summary, target
from measures import checks as find
from measures.intervals import SCALE
from measures.sums import SUMS
from measures.words import plural

KEPT_ROWS = 1000
CHECK = "Check with the source, or undo the import."
TARGET = ["indicator", "area_level", "area_code"]


@dataclass(frozen=True)
class Check:
    """One finding: its code, severity ('error' | 'warning' | 'note'), a sentence and the rows behind it.

    rows: measures.checks.PLACE and what the check is about, the worst first; read back, the first 1,000 of them. count:
    how many there are. left_out: how many of those kept are about schools that whoever reads them may not see.
    """

    check: str
    severity: str
    sentence: str
    rows: pd.DataFrame
    count: int
    left_out: int = 0


def of_import(
    connection: Connection, tidied: Tidied, touched: pd.DataFrame, las: set[str], version: int
) -> list[Check]:
    """Everything worth a look in what an import brought, in its own transaction after the summaries were made.

    touched: indicator and period of what it changed; las: the local authorities; version: the data version it makes.
    """
    rows = tidied.observations
    about = _about(connection, [str(code) for code in rows["indicator"].cat.categories])
    areas = _areas(connection)
    changed = touched.astype(str).drop_duplicates()
    found = [_out_of_range(rows, about, areas), _unlike_parts(tidied, areas)]
    pairs = _pairs(connection, changed)
    start = _baselines(connection, about)
    if not pairs.empty:
        sums = _sums(connection, areas, pairs["indicator"], [*pairs["period"], *pairs["before"], *start["period"]])
        figures = find.measured(sums, about)
        both = find.beside(figures, pairs)
        mine = both[both["area_code"].isin(las)]
        found += [_jumps(mine), _absent(connection, rows, about, both), _other_denominators(mine)]
        found.append(_without_baseline(connection, figures[figures["area_code"].isin(las)], pairs, start))
        found.append(_unlike_sum(connection, rows, about, areas, sums, pairs))
    found.append(_behind(connection, about.loc[about.index.isin(changed["indicator"])], areas))
    return sorted((check for check in found if check is not None), key=lambda check: check.severity != "warning")


def of_targets(connection: Connection, version: int) -> list[Check]:
    """What is odd about the targets that a data version brought."""
    t = target.c
    brought = select(t.indicator, t.area_level, t.area_code).where(t.from_version == version).distinct()
    only = bulk.frame(connection, brought)
    found = _behind(connection, _about(connection, only["indicator"].unique().tolist()), _areas(connection), only)
    return [] if found is None else [found]


def keep(connection: Connection, import_id: int, checks: list[Check]) -> None:
    """Write the findings with the import; of each the first 1,000 rows."""
    number = int(connection.execute(select(func.coalesce(func.max(quality_check.c.id), 0))).scalar_one())
    for at, found in enumerate(checks, start=1):
        connection.execute(
            insert(quality_check).values(
                id=number + at,
                import_id=import_id,
                check=found.check,
                severity=found.severity,
                sentence=found.sentence,
                count=found.count,
                rows=json.dumps(json.loads(found.rows.head(KEPT_ROWS).to_json(orient="records"))),
            )
        )


def checks(connection: Connection, import_id: int, *, viewer: Viewer | None = None) -> list[Check]:
    """The findings kept with an import, in the order in which they were found; none for an import not there.

    viewer: who asks, None for whoever uses this service; rows about schools that they may not see are only counted.
    """
    allowed = viewer or access.viewer()
    q = quality_check.c
    query = select(q.check, q.severity, q.sentence, q.rows, q.count).where(q.import_id == import_id).order_by(q.id)
    found = [
        Check(name, severity, sentence, pd.DataFrame(json.loads(rows)), count)
        for name, severity, sentence, rows, count in connection.execute(query)
    ]
    return found if allowed.schools_of is None else [_seen(connection, each, allowed) for each in found]


def _seen(connection: Connection, found: Check, allowed: Viewer) -> Check:
    """A finding with its rows about areas and about schools that may be seen; what is no known area is a school."""
    codes = found.rows.reindex(columns=["area_code"])["area_code"].astype(str)
    s = school.c
    mine = select(s.urn).where(bulk.among(connection, s.urn, codes.unique().tolist()), allowed.among(s.la_code))
    seen = codes.isin([*_areas(connection).index, *connection.execute(mine).scalars()])
    return replace(found, rows=found.rows[seen].reset_index(drop=True), left_out=int((~seen).sum()))


def schools_in(connection: Connection, rows: pd.DataFrame) -> str:
    """Of which schools the rows of a finding are, for the audit: 'schools of 202'; '' where all are about areas."""
    codes = rows.reindex(columns=["area_code"])["area_code"].astype(str)
    codes = codes[~codes.isin(_areas(connection).index)]
    if codes.empty:
        return ""
    s = school.c
    found = select(s.la_code).where(bulk.among(connection, s.urn, codes.unique().tolist()))
    return audit.schools_of(connection.execute(found).scalars()) or "schools no longer known"


# What the database says ----------------------------------------------------------------------------------


def _about(connection: Connection, codes: list[str]) -> pd.DataFrame:
    """What the checks need to know of the indicators, by code."""
    said = ["unit", "better", "frequency", "collected_from", "denominator_counts", "fewest_people", "fewest_units"]
    about = queries.indicators(connection).set_index("code")
    return about.loc[about.index.isin(codes), said]


def _areas(connection: Connection) -> pd.DataFrame:
    """Every area by its code: area (its name) and parent (the area that it is a part of)."""
    las = bulk.frame(connection, select(local_authority.c.code, local_authority.c.name, local_authority.c.region_code))
    regions = queries.regions(connection)
    named = [*las["name"], *regions["name"], "England"]
    parents = [*las["region_code"], *[ENGLAND_CODE] * len(regions), ""]
    return pd.DataFrame({"area": named, "parent": parents}, index=[*las["code"], *regions["code"], ENGLAND_CODE])


def _pairs(connection: Connection, changed: pd.DataFrame) -> pd.DataFrame:
    """The changed indicators and periods of which there are summaries: indicator, period, position, before.

    before: the latest earlier period of the same kind in which the indicator was collected, None where there is none.
    """
    i, p, s = indicator.c, period.c, summary.c
    kinds = select(p.kind).where(p.code.in_(changed["period"].unique().tolist()))
    collected = exists().where(s.staff_group == "all", s.indicator == i.code, s.period == p.code, s.phase == "all")
    each = indicator.join(period, p.kind.in_(kinds))
    query = select(i.code.label("indicator"), p.code.label("period"), p.kind, p.position).select_from(each)
    query = query.where(i.code.in_(changed["indicator"].unique().tolist()), collected)
    frame = bulk.frame(connection, query).sort_values("position")
    before = frame.groupby(["indicator", "kind"])["period"].shift(1)
    frame["before"] = before.astype(object).where(before.notna(), None)
    return frame.drop(columns="kind").merge(changed, on=["indicator", "period"])


def _baselines(connection: Connection, about: pd.DataFrame) -> pd.DataFrame:
    """The baseline period of each indicator: indicator, period."""
    year = str(queries.about_strategy(connection)["baseline_year"])
    return pd.DataFrame(
        {"indicator": about.index, "period": np.where(about["frequency"] == "term", f"{year} summer", year)}
    )


def _sums(connection: Connection, areas: pd.DataFrame, codes: pd.Series, periods: list[str | None]) -> pd.DataFrame:
    """The sums of every authority, all staff and phases: find.KEY, area, parent, level, SUMS."""
    s = summary.c
    query = select(s.indicator, s.period, s.la_code.label("area_code"), s.hidden, *(s[name] for name in SUMS)).where(
        s.staff_group == "all",
        s.phase == "all",
        s.indicator.in_(codes.unique().tolist()),
        s.period.in_([code for code in dict.fromkeys(periods) if code is not None]),
    )
    return bulk.frame(connection, query).join(areas, on="area_code").assign(level="la")


def _above(connection: Connection, sums: pd.DataFrame, levels: Collection[str]) -> pd.DataFrame:
    """The sums of regions and England, with hidden."""
    made = find.above(sums, ENGLAND_CODE, levels)
    return made.assign(hidden=_withheld(connection, made))


def _withheld(connection: Connection, rows: pd.DataFrame) -> np.ndarray:
    """True for the rows (find.KEY) of all staff and phases that may not be shown."""
    cells = withholding.of_areas(connection, "all", "all", rows["indicator"].unique().tolist(), None)
    there = pd.MultiIndex.from_frame(cells[find.KEY].astype(object))
    return np.asarray(pd.MultiIndex.from_frame(rows[find.KEY].astype(object)).isin(there))


def _check(name: str, severity: str, sentence: str, rows: pd.DataFrame, count: int | None = None) -> Check | None:
    """The finding, or None where there is nothing to find."""
    return None if rows.empty else Check(name, severity, sentence, rows.reset_index(drop=True), count or len(rows))


# The checks ----------------------------------------------------------------------------------------------


def _out_of_range(rows: pd.DataFrame, about: pd.DataFrame, areas: pd.DataFrame) -> Check | None:
    percent = about["unit"].reindex(rows["indicator"].cat.categories).eq("percent").to_numpy()
    bad = find.out_of_range(rows["value"].to_numpy(dtype=float), percent[rows["indicator"].cat.codes])
    count = int(bad.sum())
    if not count:
        return None
    found = _placed(rows.iloc[np.flatnonzero(bad)[:KEPT_ROWS]], areas)
    shown = find.shown(found, found["level"] == "school", value=found["value"]).assign(line=found["line"])
    sentence = f"{plural(count, 'published rate')} below zero, or above 100 where a percentage. {CHECK}"
    return _check("value_out_of_range", "warning", sentence, shown, count)


def _unlike_parts(tidied: Tidied, areas: pd.DataFrame) -> Check | None:
    """Only by how much they differ: rate and parts could be a small place's, and the line says where they stand."""
    if tidied.rates.empty:
        return None
    off = tidied.rates["rate"] - tidied.rates["parts"]
    worst = off.abs().nlargest(KEPT_ROWS).index
    most = tidied.rates.loc[worst, ["indicator", "line"]].assign(difference=off[worst])
    there = tidied.observations
    there = there[there["line"].isin(most["line"].to_numpy())]
    placed = _placed(there, areas).drop_duplicates(["indicator", "line"])
    rows = most.merge(placed[[*find.PLACE, "line"]], on=["indicator", "line"], how="left")
    sentence = (
        f"{plural(len(tidied.rates), 'published rate')} not what numerator and denominator give; the counts were "
        f"taken. {CHECK}"
    )
    return _check(
        "rate_unlike_parts", "warning", sentence, rows[[*find.PLACE, "difference", "line"]], len(tidied.rates)
    )


def _placed(rows: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """A few observations with area_code and area; a school is called by its URN."""
    made = rows.astype(dict.fromkeys(("indicator", "period", "level", "unit_code", "staff_group", "phase"), str))
    code = made["unit_code"]
    return made.assign(area_code=code, area=areas["area"].reindex(code).to_numpy()).fillna({"area": code})


def _jumps(both: pd.DataFrame) -> Check | None:
    rows = find.jumps(both)
    if rows.empty:
        return None
    shown = find.shown(
        rows,
        rows["hidden"] | rows["hidden_before"].astype(bool),
        before=rows["value_before"],
        after=rows["value"],
        standard_error=rows["standard_error"],
        jump=rows["jump"],
    )
    shown.insert(len(find.PLACE), "period_before", rows["before"])
    sentence = (
        f"{plural(len(rows), 'local authority figure')} changed since the period before by more than four standard "
        f"errors. {CHECK}"
    )
    return _check("jump", "warning", sentence, shown)


def _absent(connection: Connection, rows: pd.DataFrame, about: pd.DataFrame, both: pd.DataFrame) -> Check | None:
    candidates = (both["units_before"] > 0) & ~(both["units"] > 0)
    if not candidates.any():  # so that the file is only gone through where it matters
        return None
    found = find.absent(both, _held(connection, rows, about))
    shown = found[find.PLACE].assign(period_before=found["before"], units_before=found["units_before"])
    sentence = (
        f"{plural(found['area_code'].nunique(), 'local authority', 'local authorities')} that reported for the period "
        "before missing from a file that holds most others. Ask for their figures, or check the file."
    )
    return _check("area_missing", "warning", sentence, shown.sort_values(["indicator", "period", "area"]))


def _held(connection: Connection, rows: pd.DataFrame, about: pd.DataFrame) -> pd.DataFrame:
    """Of which authorities the file holds anything, at the level from which an indicator is collected: find.KEY."""
    las = sorted(connection.execute(select(local_authority.c.code)).scalars())
    la_of = {row.urn: row.la_code for row in connection.execute(select(school.c.urn, school.c.la_code))}
    la_of |= {code: code for code in las}
    codes, periods, units = (rows[name].cat for name in ("indicator", "period", "unit_code"))
    # Small integers: there is one for each row of the file.
    la = pd.Index(las).get_indexer(pd.Index([la_of.get(unit) for unit in units.categories])).astype(np.int16)
    la = la[units.codes]
    wanted = pd.Index(about["collected_from"].reindex(codes.categories))
    level = rows["level"].cat.categories.get_indexer(wanted).astype(np.int8)[codes.codes]
    mine = (la >= 0) & (level == rows["level"].cat.codes.to_numpy())
    shape = (len(codes.categories), len(periods.categories), len(las))
    there = np.zeros(shape, dtype=bool)
    there[codes.codes.to_numpy()[mine], periods.codes.to_numpy()[mine], la[mine]] = True
    at = np.nonzero(there)
    labels = (codes.categories, periods.categories, pd.Index(las))
    return pd.DataFrame({name: named[where] for name, named, where in zip(find.KEY, labels, at, strict=True)})


def _other_denominators(both: pd.DataFrame) -> Check | None:
    rows = find.other_denominators(both)
    if rows.empty:
        return None
    hide = rows["hidden"] | rows["hidden_before"].astype(bool)
    shown = find.shown(rows, hide, before=rows["d_before"], after=rows["d"], change=rows["change"])
    shown.insert(len(find.PLACE), "period_before", rows["before"])
    sentence = (
        f"{plural(len(rows), 'local authority denominator')} changed by more than half, for each unit that reported, "
        "since the period before. Check that the same was counted."
    )
    return _check("denominator_changed", "note", sentence, shown)


def _without_baseline(
    connection: Connection, figures: pd.DataFrame, pairs: pd.DataFrame, start: pd.DataFrame
) -> Check | None:
    aimed = set(connection.execute(select(target.c.indicator).distinct()).scalars())
    begins = start["period"].map({code: from_code(code).position for code in start["period"].unique()})
    later = pairs.merge(start.assign(begins=begins)[["indicator", "begins"]], on="indicator")
    later = later[later["indicator"].isin(aimed) & (later["position"] > later["begins"])]
    if later.empty:
        return None
    rows = find.without_baseline(figures, later[["indicator", "period", "position"]], start)
    sentence = (
        f"{plural(rows['area_code'].nunique(), 'local authority', 'local authorities')} with a figure now and none for "
        "the baseline of an indicator that has a target, so progress cannot be shown. Import the baseline's figures."
    )
    return _check("baseline_missing", "note", sentence, rows[find.PLACE].sort_values(["indicator", "area"]))


def _unlike_sum(
    connection: Connection,
    rows: pd.DataFrame,
    about: pd.DataFrame,
    areas: pd.DataFrame,
    sums: pd.DataFrame,
    pairs: pd.DataFrame,
) -> Check | None:
    given = rows[rows["level"].isin(["england", "region"]) & (rows["staff_group"] == "all") & (rows["phase"] == "all")]
    if given.empty:
        return None
    made = given[["line", "numerator", "denominator", "value"]].assign(
        **{name: given[name].astype(str) for name in ("indicator", "period")}, area_code=given["unit_code"].astype(str)
    )
    made["published"] = _rate(made, about)
    mine = sums.merge(pairs[["indicator", "period"]], on=["indicator", "period"])
    pooled = find.measured(_above(connection, mine, ("region", "england")), about).rename(columns={"value": "pooled"})
    found = find.unlike_sum(made.drop(columns="value").merge(pooled, on=find.KEY))
    found = found.assign(area=found["area_code"].map(areas["area"]))
    shown = find.shown(
        found, found["hidden"], published=found["published"], pooled=found["pooled"], difference=found["difference"]
    ).assign(line=found["line"])
    sentence = (
        f"{plural(len(found), 'published figure')} of England or a region not what its parts give together. The pooled "
        "figure is shown; check whether some parts are missing."
    )
    return _check("rate_unlike_sum", "note", sentence, shown)


def _rate(given: pd.DataFrame, about: pd.DataFrame) -> pd.Series:
    """The rate that observations give, as published or else by their counts."""
    n, d, rate = (given[name].astype(float) for name in ("numerator", "denominator", "value"))
    scale = given["indicator"].map(about["unit"]).map(SCALE).astype(float)
    return rate.where(rate.notna(), scale * n / d.where(d > 0))


def _behind(
    connection: Connection, about: pd.DataFrame, areas: pd.DataFrame, only: pd.DataFrame | None = None
) -> Check | None:
    """Each final target beside the baseline of the area that it is set for. only: TARGET of those to look at."""
    targets = queries.targets(connection)
    targets = targets[targets["indicator"].isin(about.index)].sort_values("position")
    if only is not None:
        targets = targets.merge(only, on=TARGET)
    final = targets.drop_duplicates(TARGET, keep="last").rename(columns={"value": "target"})
    if final.empty:
        return None
    started = _started(connection, about[about.index.isin(final["indicator"])], areas, set(final["area_level"]))
    rows = final.join(about["better"], on="indicator").merge(started, on=TARGET)
    rows = find.behind(rows)
    if rows.empty:
        return None
    rows = rows.assign(area=rows["area_code"].map(areas["area"])).sort_values(["indicator", "area"])
    shown = find.shown(rows, rows["hidden"].astype(bool), target=rows["target"], baseline=rows["baseline"])
    sentence = (
        f"{plural(len(rows), 'final target')} no better than the baseline of the place that it is set for. Check the "
        "target and the baseline."
    )
    return _check("target_behind_baseline", "warning", sentence, shown)


def _started(connection: Connection, about: pd.DataFrame, areas: pd.DataFrame, levels: set[str]) -> pd.DataFrame:
    """The baseline of every area of these levels, pooled or else as published: TARGET, baseline, hidden."""
    start = _baselines(connection, about)
    sums = _sums(connection, areas, start["indicator"], start["period"].tolist())
    sums = sums.merge(start, on=["indicator", "period"])
    every = [sums] if "la" in levels else []
    every += [_above(connection, sums, levels)]
    pooled = find.measured(pd.concat(every, ignore_index=True), about)
    pooled = pooled.rename(columns={"level": "area_level", "value": "baseline"})
    o = observation.c
    query = select(o.indicator, o.period, o.level.label("area_level"), o.unit_code, o.value, o.numerator, o.denominator)
    query = query.where(
        text("level <> 'school' AND to_version IS NULL"),  # word for word the partial index's condition
        o.staff_group == "all",
        o.phase == "all",
        o.indicator.in_(about.index.tolist()),
    )
    given = bulk.frame(connection, query).merge(start, on=["indicator", "period"])
    few = given["denominator"].astype(float) < given["indicator"].map(about["fewest_people"]).astype(float)
    people = given["indicator"].map(about["denominator_counts"]) == "people"
    given = given.assign(area_code=given["unit_code"], baseline=_rate(given, about))
    given["hidden"] = (few & people) | _withheld(connection, given)
    columns = [*TARGET, "baseline", "hidden"]
    both = pd.concat([pooled[columns], given[columns]], ignore_index=True)
    return both[both["baseline"].notna()].drop_duplicates(TARGET)
