"""The sections of a report that speak of figures: summary, each priority, comparisons, changes, coverage."""

import pandas as pd

from charts import cards, spine
from charts.figure import headline, ordinal, text_or_blank
from exports import benchmarks, frames
from exports.office.parts import Said, Section, Table
from exports.report import drawings
from exports.report.subject import Subject
from measures import findings, sentences, words
from measures.comparison import rank
from measures.status import Summary, summarise

BEHIND, WELL = "Needs attention", "Going well"
NONE_BEHIND, NONE_WELL = "No indicator is behind its path.", "No indicator is clearly ahead of its path."
NONE_JUDGED = "No indicator can be judged."
JUDGED = ("Judgement then", "Judgement")
OF_PRIORITY = 2  # sentences of what needs attention, and of what goes well, in one priority


def summary(of: Subject) -> Section:
    """Where the authority stands: counts by priority, what needs attention and what goes well."""
    whole = summarise(of.rows)
    found = frames.summaries(of.material.known, of.rows, of.before)
    if whole.judged:
        said = f"{whole.on_track} of {words.plural(whole.judged, 'judged indicator')} {_are(whole.on_track)} on track"
        finding = headline(f"{of.name}: {said}", said)
    else:
        finding = headline(f"{of.name}: no indicator can be judged", NONE_JUDGED)
    return Section(
        key="summary",
        heading="Summary",
        finding=finding,
        lead=[Said(f"{_counts(whole, of.rows)}."), *suppressed(of)],
        groups=attention(of, of.rows, 5),
        tables=[_by_priority(of, found)],
        glance=_glance(of),
    )


def _glance(of: Subject) -> Table:
    rows = [
        {
            "Priority": about["priority_short"],
            "Indicator": f"{about['outcome']} {about['short_title']}",
            "Value": words.number(row["value"], row["unit"], row["symbol"]),
            "Status": words.status_text(row["status"]),
        }
        for row, about in zip(of.rows.to_dict("records"), of.indicators.to_dict("records"), strict=True)
    ]
    return Table(
        "Every indicator at a glance", pd.DataFrame(rows, columns=["Priority", "Indicator", "Value", "Status"])
    )


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _counts(summed: Summary, rows: pd.DataFrame) -> str:
    """'Of 33 indicators: 22 on track, 4 at risk and 7 not judged (5 suppressed and 2 not reported)'. rows: theirs."""
    reasons = rows.loc[rows["status"] == "none", "reason"].value_counts()
    why = f" ({words.joined([f'{count} {reason}' for reason, count in reasons.items()])})" if len(reasons) else ""
    parts = [(summed.on_track, "on track"), (summed.at_risk, "at risk"), (summed.off_track, "off track")]
    parts.append((summed.none, f"not judged{why}"))
    said = words.joined([f"{count} {name}" for count, name in parts if count])
    return f"Of {words.plural(summed.total, 'indicator')}: {said}"


def suppressed(of: Subject) -> list[Said]:
    """The rule by which figures are suppressed, with the number of schools here; [] where none is."""
    if not (of.rows["symbol"] == "c").any():
        return []
    limits = of.material.limits
    return [
        Said(
            f"{of.name} has {words.plural(of.schools, 'school')} in the register. A figure that rests on fewer than "
            f"{limits['fewest_units']} schools or counts fewer than {limits['fewest_people']} people is suppressed, "
            "and so is any other that would give it away."
        )
    ]


def attention(of: Subject, rows: pd.DataFrame, most: int) -> dict[str, list[Said]]:
    """Heading → what needs attention, and what goes well, in sentences; or that there is nothing."""
    behind, well = findings.attention(rows, of.indicators, of.way, most, final_period=of.material.final_period)
    judged = bool((rows["status"] != "none").any())
    return {
        BEHIND: of.said(behind) or [Said(NONE_BEHIND if judged else NONE_JUDGED)],
        WELL: of.said(well) or [Said(NONE_WELL if judged else NONE_JUDGED)],
    }


def _by_priority(of: Subject, found: dict[str, tuple[Summary, Summary | None]]) -> Table:
    earlier = of.material.year_before
    label = of.material.known.period_labels[earlier] if earlier else ""
    rows = []
    for priority in of.material.known.priorities.to_dict("records"):
        now, then = found[priority["code"]]
        change = {f"Since {label}": cards.change(now, then, label) or "–"} if earlier else {}
        rows.append(
            {
                "Priority": priority["title"],
                "On track": f"{now.on_track} of {now.total}" if now.judged else "Not judged",
                "Behind": cards.counts(now),
                "Way to target (median)": words.share(now.median_progress),
                **change,
            }
        )
    note = "The median is taken over indicators that still had a way to go."
    return Table("Indicators on track, by priority", pd.DataFrame(rows), note)


def priority(of: Subject, about: pd.Series) -> Section | None:
    """One priority: its indicators against England, then each in words. None where no indicator has a row."""
    mine = of.indicators[of.indicators["priority"] == about["code"]]
    rows = of.rows[of.rows["indicator"].isin(mine["code"])]
    if rows.empty:
        return None
    now, then = frames.summaries(of.material.known, of.rows, of.before)[about["code"]]
    earlier = of.material.year_before
    label = of.material.known.period_labels[earlier] if earlier else ""
    parts = [_counts(now, rows), cards.way(now, then, label), cards.change(now, then, label)]
    names = of.mark_names | {"neighbours": "its neighbours", "before": "a year ago"}
    against = [f"{names[key]} {of.counted(key, mine['code'])}" for key in of.marks]
    on_track = f"{now.on_track} of {words.plural(now.total, 'indicator')} on track"
    return Section(
        key=f"priority_{about['number']}",
        heading=str(about["title"]),
        finding=headline(f"{about['short']}: {on_track}", on_track) if now.judged else NONE_JUDGED.rstrip("."),
        lead=[Said(f"{part}.") for part in parts if part] + [Said(f"{'; '.join(against)}.", "Compared with")],
        groups=attention(of, rows, OF_PRIORITY),
        charts=[drawings.against_england(of, mine, rows, _spine(of, mine, rows))],
        tables=[_in_words(of, mine, rows)],
        detail=[_sentence(of, mine, rows, at) for at in rows.index],
    )


def _spine(of: Subject, mine: pd.DataFrame, rows: pd.DataFrame) -> spine.Figure:
    """The page's spine chart, for the indicators of one priority."""
    beside = {"neighbour_value": "value", "neighbours_reported": "reported", "neighbours_asked": "asked"}
    neighbours = rows[["indicator", *beside]].rename(columns=beside).dropna()
    others = ["England", of.region, *(["its statistical neighbours"] if len(neighbours) else [])]
    return spine.spine(
        rows,
        of.material.england,
        of.region_rows,
        of.material.spread,
        mine,
        of.context(rows, comparator=words.joined(others)),
        neighbours=neighbours if len(neighbours) else None,
    )


def _in_words(of: Subject, mine: pd.DataFrame, rows: pd.DataFrame) -> Table:
    """The page's table, without what other sections show."""
    marks = benchmarks.marks(rows, of.material.england, of.region_rows)
    table = benchmarks.table(rows, mine, marks, of.region)
    columns = {"Indicator": "Indicator", "Value (95% interval)": "Value (95% interval)"}
    columns |= {"Against England": "Against England", f"Against {of.region}": f"Against {of.region}"}
    if "neighbours" in of.marks:
        columns["Against the mean of its neighbours"] = "Against the mean of its neighbours"
    if "before" in of.marks:
        columns["Against a year ago"] = "Against a year ago"
    columns["Status"] = "Status"
    note = f"{benchmarks.COMPARED} {benchmarks.MEAN}" if "neighbours" in of.marks else benchmarks.COMPARED
    return Table("Each indicator in words", table[list(columns)], note)


def _sentence(of: Subject, mine: pd.DataFrame, rows: pd.DataFrame, at: int) -> Said:
    """An indicator's figure with its interval beside all its benchmarks."""
    row = rows.loc[[at]]
    about = mine.set_index("code").loc[row["indicator"].iloc[0]]
    marks = {key: values.loc[[at]] for key, values in of.marks.items()}
    text = benchmarks.sentence(row, marks, about, of.region, of.material.final_period)
    interval = sentences.interval_words(row.iloc[0])
    text = f"{text} {interval[0].upper()}{interval[1:]}." if row["value"].notna().all() else text
    return Said(text.removeprefix(f"{of.name}: "), f"{about['outcome']} {about['short_title']}")


def others(of: Subject) -> Section:
    """The authority beside England, its region, its neighbours and a year ago; its place among all authorities."""
    counts = of.compared["england"].value_counts()
    better, worse = int(counts.get("Better", 0)), int(counts.get("Worse", 0))
    finding = headline(
        f"{of.name}: {better} better than England, {worse} worse", f"{better} better than England, {worse} worse"
    )
    if not better and not worse:
        none = "No indicator can be compared with England"
        finding = none if (of.compared["england"] == "Not compared").all() else "Similar to England throughout"
    names = {"england": "England", "region": of.region, "neighbours": "the mean of its neighbours"}
    lead = [
        Said(f"{of.counted(key)}.", f"Against {names.get(key, 'a year ago')}") for key in of.marks if key in of.compared
    ]
    regions = of.material.known.authorities.set_index("code")["region"]
    closest, basis = benchmarks.neighbours(of.closest, regions)
    named = words.joined(closest["Local authority"].to_list())
    said = f"{named}. {basis}" if named else "none were imported, and there is no context to compute them from."
    lead.append(Said(said, "Statistical neighbours, closest first"))
    return Section(
        key="others",
        heading="Compared with others",
        finding=finding,
        lead=lead,
        charts=[drawings.compared(of)],
        tables=[_places(of)],
        groups=_best_and_last(of),
    )


def region_places(of: Subject) -> pd.Series:
    """'3rd of 31' by indicator: the authority's place among those of its region; '–' without a value."""
    rows = of.material.authorities
    rows = rows[(rows["region_code"] == of.place["region_code"]) & rows["indicator"].isin(of.rows["indicator"])]
    places = rank(rows["value"], rows["better"], rows["indicator"])
    counted = rows.groupby("indicator")["value"].transform("count")
    tied = pd.DataFrame({"indicator": rows["indicator"], "place": places}).duplicated(keep=False)
    said = [
        "–" if pd.isna(place) else f"{ordinal(int(place))}{'=' if shared else ''} of {count}"
        for place, shared, count in zip(places, tied, counted, strict=True)
    ]
    mine = pd.Series(said, index=rows["indicator"])[(rows["area_code"] == of.code).to_numpy()]
    return mine.reindex(of.rows["indicator"])


def _places(of: Subject) -> Table:
    table = benchmarks.table(of.rows, of.indicators, benchmarks.marks(of.rows, of.material.england, of.region_rows), "")
    table.insert(2, f"Place in {of.region}", region_places(of).to_list())
    note = f"{benchmarks.PLACED} {benchmarks.ARROW}"
    shown = ["Indicator", "Place in England", f"Place in {of.region}", "Trend", "Coverage"]
    return Table("Place among local authorities, trend and coverage", table[shown], note)


def _best_and_last(of: Subject) -> dict[str, list[Said]]:
    """The highest and the lowest places among all authorities."""
    ranked = of.rows.dropna(subset=["rank"])
    share = ranked["rank"] / ranked["ranked"]
    titles = of.indicators.set_index("code")["short_title"]
    made = {}
    for heading, quarter, order in (("Among the best quarter", 1, True), ("In the last quarter", 4, False)):
        there = ranked[ranked["quartile"] == quarter]
        there = there.loc[share[there.index].sort_values(ascending=order).index]
        said = [Said(f"{benchmarks.place(row)}.", titles[row["indicator"]]) for row in there.head(3).to_dict("records")]
        made[f"{heading} ({len(there)} of {len(ranked)} ranked)"] = said or [Said("None.")]
    return made


def changes(of: Subject) -> Section:
    """What changed since a year before, and two indicators over time."""
    heading, charts = "What changed", drawings.over_time(of)
    if of.material.year_before is None or of.before is None:
        none = f"There are no figures for the year before {of.material.period_label}, so nothing is compared with it."
        return Section("changes", heading, "There is no year before to compare with", [Said(none)], charts=charts)
    label = of.material.known.period_labels[of.material.year_before]
    now = of.rows.drop(columns=["value_before", "lower_before", "upper_before"])
    movers = findings.biggest_movers(now, of.before, of.indicators, of.way, label)
    moved = judgements(of)
    table = moved[[_status(then) != _status(now) for then, now in zip(*(moved[name] for name in JUDGED), strict=True)]]
    better = int((of.compared["before"] == "Better").sum()) if "before" in of.compared else 0
    counted = of.counted("before") if "before" in of.compared else "no indicator has a figure in both years"
    return Section(
        key="changes",
        heading=f"{heading} since {label}",
        finding=headline(f"{words.plural(better, 'indicator')} better than in {label}", f"Since {label}"),
        lead=[Said(f"{counted}.", f"Against {label}")],
        groups={"Biggest clear changes": of.said(movers) or [Said(f"No clear change since {label}.")]},
        charts=charts,
        tables=[Table("Judgements that changed", table.reset_index(drop=True))] if len(table) else [],
    )


def judgements(of: Subject) -> pd.DataFrame:
    """Every indicator a year before, which the database must have, and now, in words: value, change, judgement."""
    assert of.before is not None
    then = of.before.set_index("indicator")
    rows = []
    for row, about in zip(of.rows.to_dict("records"), of.indicators.to_dict("records"), strict=True):
        old = then.loc[row["indicator"]] if row["indicator"] in then.index else None
        change = row["value"] - row["value_before"]
        size = "–" if pd.isna(change) else words.difference(change, row["unit"])
        rows.append(
            {
                "Indicator": f"{about['outcome']} {about['short_title']}",
                "A year before": "–" if old is None else words.number(old["value"], row["unit"], old["symbol"]),
                "Value": words.number(row["value"], row["unit"], row["symbol"]),
                "Change": size if pd.isna(change) else f"{'up' if change > 0 else 'down'} {size}" if change else "none",
                "Judgement then": "–" if old is None else _judged(old.to_dict()),
                "Judgement": _judged(row),
            }
        )
    return pd.DataFrame(rows)


def _status(judgement: str) -> str:
    return judgement.partition(":")[0]


def _judged(row: dict) -> str:
    return words.status_text(row["status"], text_or_blank(row["reason"]))


def coverage(of: Subject) -> Section:
    """Who answered: shares of the schools by phase and kind of collection, and the authority's own returns."""
    by_phase = {phase: of.of(rows) for phase, rows in of.material.by_phase.items()}
    found = frames.response(of.material.known, by_phase)
    own = of.rows[of.rows["indicator"].isin(of.indicators.loc[of.indicators["collected_from"] == "la", "code"])]
    titles = of.indicators.set_index("code")["short_title"]
    answered = of.context(of.rows).coverage_text or "no return is due"
    lead = []
    out = own[(own["units"].fillna(0) == 0) & (own["expected_units"] > 0)]
    asked = int(own["expected_units"].fillna(0).sum())
    if asked:
        without = f"; not in: {words.joined([titles[code] for code in out['indicator']])}" if len(out) else ""
        lead.append(Said(f"{asked - len(out)} of {asked} in{without}.", "The authority's own returns"))
    low = _low(of)
    lead.append(Said(words.joined(low) + "." if low else "none.", "Low coverage, so not judged"))
    table = drawings.response_table(found)
    return Section(
        key="coverage",
        heading="Which schools answered",
        finding=headline(f"{of.name}: {answered}", answered),
        lead=lead,
        charts=[drawings.response(of, found)] if len(found) else [],
        tables=[Table("Share of the schools in the register that answered", table)] if len(table) else [],
    )


def _low(of: Subject) -> list[str]:
    """'Peer observation (7 of 21 schools)' for each indicator of low coverage."""
    records = of.indicators.set_index("code", drop=False)
    there = of.rows[of.rows["value"].notna()]
    rows = [row for row in there.to_dict("records") if sentences.low_coverage(row, records.loc[row["indicator"]])]
    return [
        f"{about['short_title']} ({sentences.reporting_words(row, about)})"
        for row in rows
        for about in [records.loc[row["indicator"]]]
    ]
