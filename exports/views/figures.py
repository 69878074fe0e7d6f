"""The figures that pages share, kept by what they show; each is a frame handed to a chart."""

from dataclasses import replace

import pandas as pd

from charts import chance, heat, maps
from charts.figure import Context, Figure, slugify
from exports import frames, outlines
from exports.kept import kept
from exports.shown import ENGLAND, Shown
from exports.views import data
from exports.views.registry import view
from measures import findings, sentences, words
from measures.status import Summary

MANY = 800  # entries of what each authority's page needs, so that readers' other choices do not push them out
LEVELS = {"region": "regions", "la": "local_authorities"}
# The share of indicators on track, named as an indicator is.
ON_TRACK = {
    "code": "on_track",
    "short_title": "Indicators on track",
    "title": "Share of judged indicators on track",
    "unit": "percent",
    "better": "higher",
}


def features(level: str, version: int, region: str | None = None) -> list[dict]:
    """The outlines of a level as GeoJSON features; of authorities: those of a region, all where it is None."""
    drawn = outlines.features(LEVELS[level], version)
    if level == "region" or region is None:
        return drawn
    return [feature for feature in drawn if feature["properties"]["region_code"] == region]


def short_names(now: Shown, level: str) -> dict[str, str] | None:
    """A region's code → its short name, for a map of regions; None for one of authorities."""
    regions = data.reference(now.version).regions
    return dict(zip(regions["code"], regions["short"], strict=True)) if level == "region" else None


def context(
    now: Shown, rows: pd.DataFrame, indicator: str | None = None, *, place: str | None = None, comparator: str = ""
) -> Context:
    """The words that go with a figure: place, period, source, coverage of the rows, version, date."""
    return frames.context(
        data.reference(now.version),
        rows,
        indicator,
        place=place or now.area,
        period_label=now.period_label,
        staff_group=now.staff_group,
        staff_label=now.staff_label,
        phase=now.phase,
        comparator=comparator,
    )


def area_rows(now: Shown, level: str) -> pd.DataFrame:
    """Figures of all areas of a level for what is shown."""
    return data.at(now.version, level, now.staff_group, now.phase, now.period)


def shown_rows(now: Shown, level: str) -> pd.DataFrame:
    """The same for the areas to be compared: regions, or the authorities of the chosen region, all where none is."""
    rows = area_rows(now, level)
    return rows[rows["region_code"] == now.region] if level == "la" and now.region else rows


@kept(MANY)
def own_rows(now: Shown) -> pd.DataFrame:
    """Figures of the chosen area itself, one row an indicator."""
    rows = area_rows(now, now.level)
    return rows[rows["area_code"] == now.area_code]


def history_of(now: Shown, level: str, indicator: str, area_code: str | None = None) -> pd.DataFrame:
    """All periods of one indicator: all areas of a level, or one of them."""
    rows = data.of_indicator(now.version, level, now.staff_group, now.phase, indicator)
    return rows if area_code is None else rows[rows["area_code"] == area_code]


@kept(MANY)
def coverage(now: Shown) -> str:
    """How many of the returns that the chosen area owes are in, over the strategy's indicators."""
    rows = own_rows(now)
    return sentences.coverage_words(rows["units"].sum(), rows["expected_units"].sum())


@kept(MANY)
def year_before(now: Shown) -> str | None:
    """The code of the same period a year before, where the database has it."""
    return frames.year_before(data.reference(now.version), now.period)


@kept(MANY)
def summaries(now: Shown) -> dict[str, tuple[Summary, Summary | None]]:
    """Priority → its summary in the chosen area now, and a year before where there was one."""
    earlier, before = year_before(now), None
    if earlier is not None:
        before = data.at(now.version, now.level, now.staff_group, now.phase, earlier)
        before = before[before["area_code"] == now.area_code]
    return frames.summaries(data.reference(now.version), own_rows(now), before)


def furthest_behind(found: dict[str, tuple[Summary, Summary | None]]) -> str | None:
    """The priority with the smallest share of its judged indicators on track; None where nothing can be judged."""
    shares = {code: current.on_track / current.judged for code, (current, _) in found.items() if current.judged}
    return min(shares, key=lambda code: shares[code]) if shares else None


@view(200, "")
def status_heat(now: Shown, priority: str | None = None) -> Figure:
    """Region × indicator, with England, and the chosen authority first where there is one; of one priority or all."""
    known = data.reference(now.version)
    regions = known.regions.rename(columns={"code": "area_code", "name": "area"}).assign(level="region")
    england = pd.DataFrame([{"area_code": ENGLAND, "area": "England", "short": "ENG", "level": "england"}])
    columns = [regions[["area_code", "area", "short", "level"]], england]
    rows = [area_rows(now, "region"), area_rows(now, "england")]
    if now.la:
        columns.insert(
            0,
            pd.DataFrame(
                [
                    {
                        "area_code": now.la,
                        "area": now.la_name,
                        "short": words.short_name(str(now.la_name)),
                        "level": "la",
                    }
                ]
            ),
        )
        rows.insert(0, own_rows(now))
    together = pd.concat(rows, ignore_index=True)
    indicators = of_priority(now, priority)
    indicators = indicators[indicators["code"].isin(together["indicator"])]
    together = together[together["indicator"].isin(indicators["code"])]
    made = heat.status_table(
        together,
        indicators,
        pd.concat(columns, ignore_index=True),
        context(now, area_rows(now, "england"), place="England by region", comparator="each area's own trajectory"),
        highlight=now.la or now.region,
    )
    judged = int((together["status"] != "none").sum())
    return replace(made, notes=f"{made.notes} {chance.off_track(judged)}".strip())


@kept(200)
def shares(now: Shown, level: str) -> pd.DataFrame:
    """Share of judged indicators on track by area: area_code, area, value (0–100), on_track, judged, symbol."""
    rows = shown_rows(now, level)
    rows = rows[rows["indicator"].isin(data.reference(now.version).of_strategy["code"])]
    counts = rows.assign(on=rows["status"] == "on_track", judged=rows["status"] != "none")
    made = (
        counts.groupby(["area_code", "area"], as_index=False)[["on", "judged"]].sum().rename(columns={"on": "on_track"})
    )
    return made.assign(value=100 * made["on_track"] / made["judged"].where(made["judged"] > 0), symbol="")


@view(200, "")
def share_map(now: Shown, level: str) -> Figure:
    """Map of the share of indicators on track."""
    place = now.region_name if level == "la" and now.region else "England"
    return maps.map_figure(
        shares(now, level),
        ON_TRACK,
        context(now, shown_rows(now, level), place=place),
        features(level, now.version, now.region),
        level=level,
        shares=True,
        short=short_names(now, level),
    )


def of_priority(now: Shown, priority: str | None) -> pd.DataFrame:
    """The definitions of a priority's indicators; None: of all priorities."""
    known = data.reference(now.version).of_strategy
    return known if priority is None else known[known["priority"] == priority]


def final_period(now: Shown) -> str:
    """When the targets are due: '2011/12'."""
    return str(data.reference(now.version).strategy["final_year"])


def record(now: Shown, indicator: str) -> pd.Series:
    """An indicator's definition."""
    known = data.reference(now.version).indicators
    return known[known["code"] == indicator].set_index("code", drop=False).iloc[0]


def level_rows(now: Shown, level: str, indicator: str) -> pd.DataFrame:
    """One indicator's figures for the areas to be compared."""
    rows = shown_rows(now, level)
    return rows[rows["indicator"] == indicator]


def england_row(now: Shown, indicator: str) -> pd.Series | None:
    """England's figure of one indicator, where it has one."""
    rows = area_rows(now, "england")
    rows = rows[rows["indicator"] == indicator]
    return rows.iloc[0] if len(rows) else None


def place_words(now: Shown, level: str) -> str:
    """'the nine regions', 'authorities of London', 'all local authorities'."""
    if level == "region":
        return "the nine regions"
    return f"authorities of {now.region_name}" if now.region else "all local authorities"


def _way(now: Shown) -> pd.Series:
    return findings.yardstick(area_rows(now, "region"))


def compared_level(now: Shown) -> str:
    """The level whose areas are compared: regions, or the authorities of the chosen region."""
    return "la" if now.region else "region"


@kept(200)
def gaps(now: Shown, priority: str | None = None) -> list[str]:
    """The widest clear gaps between the areas compared, in sentences; on a priority's indicators, or on all."""
    level, indicators = compared_level(now), of_priority(now, priority)
    rows = shown_rows(now, level)
    rows = rows[rows["indicator"].isin(indicators["code"])]
    return [found.sentence for found in findings.widest_gaps(rows, indicators, _way(now))]


@kept(200)
def movers(now: Shown, priority: str | None = None) -> list[str]:
    """The biggest clear changes since a year before among the areas compared, in sentences; of a priority or all."""
    level, indicators, earlier = compared_level(now), of_priority(now, priority), year_before(now)
    if earlier is None:
        return []
    rows, before = shown_rows(now, level), data.at(now.version, level, now.staff_group, now.phase, earlier)
    rows = rows[rows["indicator"].isin(indicators["code"])]
    return [found.sentence for found in findings.biggest_movers(rows, before, indicators, _way(now), earlier)]


@kept(MANY)
def attention(now: Shown, priority: str | None = None) -> tuple[list[str], list[str]]:
    """What needs attention and what goes well in the chosen area, in sentences; of a priority, or of all."""
    indicators = of_priority(now, priority)
    rows = own_rows(now)
    rows = rows[rows["indicator"].isin(indicators["code"])]
    behind, well = findings.attention(rows, indicators, _way(now), final_period=final_period(now))
    return [found.sentence for found in behind], [found.sentence for found in well]


@kept(60)
def region_list(now: Shown) -> pd.DataFrame:
    """For a phone: each region, and England, with its indicators on track by priority."""
    known = data.reference(now.version)
    rows = pd.concat([area_rows(now, "england"), area_rows(now, "region")])
    rows = rows.merge(known.of_strategy[["code", "priority_short"]], left_on="indicator", right_on="code")
    counts = rows.assign(on=rows["status"] == "on_track").groupby(["area", "priority_short"])["on"].agg(["sum", "size"])
    said = (counts["sum"].astype(str) + " of " + counts["size"].astype(str)).unstack()
    order = ["England", *known.regions["name"]]
    # A period may hold no figure of a priority: an imported indicator beside the strategy brings years of its own.
    listed = said.reindex(index=order, columns=list(known.priorities["short"])).astype(object).fillna("–")
    return listed.rename_axis("On track", axis=0).rename_axis(None, axis=1).reset_index()


@kept(MANY)
def response(now: Shown) -> pd.DataFrame:
    """The share of the chosen authority's schools that answered, by phase and kind of collection."""
    each = {phase: data.at(now.version, "la", now.staff_group, phase, now.period) for phase in frames.PHASES}
    by_phase = {phase: rows[rows["area_code"] == now.area_code] for phase, rows in each.items()}
    found: dict[str, dict[str, str]] = {}
    for row in frames.response(data.reference(now.version), by_phase).to_dict("records"):
        label = f"{row['phase'].capitalize()} ({words.plural(row['schools'], 'school')})"
        found.setdefault(row["kind"].capitalize(), {})[label] = words.share(row["share"])
    return pd.DataFrame(found).rename_axis("Phase").reset_index()


def everything(now: Shown) -> bytes:
    """All figures of the chosen area over all periods as CSV, with source and data version in each row."""
    from data_access.files.spreadsheets import csv_bytes  # loads what only files need

    known = data.reference(now.version)
    rows = data.history(now.version, now.level, now.staff_group, now.phase)
    rows = (
        rows[rows["area_code"] == now.area_code]
        .merge(known.indicators[["code", "short_title", "title", "unit"]], left_on="indicator", right_on="code")
        .drop(columns="code")
    )
    rows = rows.merge(known.sources[["indicator", "source", "licence", "kind"]], on="indicator", how="left")
    return csv_bytes(rows.assign(data_version=now.version))


def file_stem(now: Shown) -> str:
    """'all-indicators_camden_2011-12'."""
    return slugify("All indicators", now.area, now.period_label)
