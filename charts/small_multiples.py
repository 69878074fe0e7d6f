"""Small multiples over time: an indicator with a panel for each area, or an area with a panel for each indicator."""

from collections.abc import Sequence

import pandas as pd

from charts.figure import Context, Figure, Record, headline, number_or_none, slugify, text_or_blank
from charts.labels import period_order, period_span
from charts.panels import NATION, OTHER, OWN, Panel, domain_of, height, layout
from charts.tables import by_code, coverage_marks, low_note, twin
from charts.theme import finish
from measures import sentences, words

ENGLAND = "England"


def by_area(
    values: pd.DataFrame,
    current: pd.DataFrame,
    areas: Sequence[str],
    indicator: Record,
    context: Context,
    *,
    judged: dict[str, str],
    reference: str,
) -> Figure:
    """A panel for each area over all periods, all on one scale, with England's line in each.

    values     values frame of one indicator, all periods: the areas' rows and England's
    current    the same of the period that is shown, one row an area: the figure below each panel's name
    areas      names in the order to show; one without rows has a panel that says so
    judged     area → its figure against the reference, in a word of measures.comparison
    reference  name of what the figures are judged against
    """
    unit = str(indicator["unit"])
    values = values.sort_values("period_position")
    nation = values[values["area"] == ENGLAND]
    periods = period_order(values)
    shown = values[values["area"].isin(list(areas))]
    domain = domain_of(
        pd.concat([shown, nation.assign(lower=nation["value"], upper=nation["value"])]) if len(values) else values, unit
    )
    panels = []
    for area in areas:
        own = shown[shown["area"] == area]
        rows = [_drawn(own, OWN, indicator)]
        if area != ENGLAND:
            rows.append(_drawn(nation, NATION, indicator))
        panels.append(
            Panel(
                area,
                _below(current[current["area"] == area], unit, judged.get(area, "")),
                unit,
                periods,
                pd.concat(rows),
                domain,
            )
        )
    legend = {OWN: "Area, with 95% intervals", NATION: ENGLAND}
    finding = _higher(shown, areas)
    title = str(indicator["short_title"])
    return Figure(
        slug=slugify(title, *areas[:3], "over time"),
        headline=finding,
        subtitle=context.subtitle(str(indicator["title"]), period_span(periods)),
        source=context.source_line(),
        context=context,
        alt=f"{words.plural(len(areas), 'line chart')} of {words.inline(title)} on one scale, one an area, each with "
        f"England's line. {finding}. {_said(current, areas, unit)}.",
        spec=finish(layout(panels, legend), height(len(panels)), context.illustrative),
        twin=lambda: twin(_in_order(values, areas), indicator, ["Area", "Period"]),
        notes=" ".join([*_against(current, judged, reference), _area_notes(shown, areas, indicator)]).strip(),
    )


def by_indicator(
    values: pd.DataFrame,
    current: pd.DataFrame,
    areas: Sequence[str],
    indicators: pd.DataFrame,
    context: Context,
    *,
    focus: str,
) -> Figure:
    """A panel for each indicator over all periods, each on its own scale: one area stressed, the others as thin lines.

    values      values frame of the indicators, all periods: the areas' rows and England's
    current     the same of the period that is shown, one row an area and indicator
    areas       names of all areas that are compared
    indicators  indicator frame in the order to show
    focus       the area to stress
    """
    values = values.sort_values("period_position")
    panels, now = [], current[current["area"] == focus]
    for about in by_code(indicators).values():
        unit, mine = str(about["unit"]), values[values["indicator"] == about["code"]]
        own, nation = mine[mine["area"] == focus], mine[mine["area"] == ENGLAND]
        others = mine[mine["area"].isin([area for area in areas if area not in (focus, ENGLAND)])]
        rows = [_drawn(own, OWN, about), _drawn(others, OTHER, about)]
        rows += [] if focus == ENGLAND else [_drawn(nation, NATION, about)]
        drawn = pd.concat(rows)
        title = f"{text_or_blank(about['outcome'])} {about['short_title']}".strip()
        panels.append(
            Panel(
                title,
                _below(now[now["indicator"] == about["code"]], unit),
                unit,
                period_order(mine),
                drawn,
                domain_of(drawn, unit),
            )
        )
    legend = {OWN: f"{focus}, with 95% intervals"}
    legend |= {} if focus == ENGLAND else {NATION: ENGLAND}
    legend |= {OTHER: "Other areas compared"} if any(area not in (focus, ENGLAND) for area in areas) else {}
    finding = _better(values[values["area"] == focus], indicators, focus)
    return Figure(
        slug=slugify("indicators", focus, "over time"),
        headline=finding,
        subtitle=context.subtitle(
            f"{words.plural(len(indicators), 'indicator')}, {focus} stressed", period_span(_years(values))
        ),
        source=context.source_line(),
        context=context,
        alt=f"{words.plural(len(panels), 'line chart')}, one an indicator, each on its own scale, of {focus} among "
        f"{words.plural(len(areas), 'area')}. {finding}.",
        spec=finish(layout(panels, legend), height(len(panels)), context.illustrative),
        twin=lambda: twin(
            _in_order(values, areas, list(indicators["code"])), indicators, ["Indicator", "Area", "Period"]
        ),
        notes=_indicator_notes(values, indicators, focus, areas),
    )


def _drawn(rows: pd.DataFrame, role: str, indicator: Record) -> pd.DataFrame:
    """The rows as a panel takes them; those of the panel's own area with the words of its tooltips and intervals."""
    made = rows[["period", "value", "lower", "upper", "symbol"]].assign(series=rows["area"], role=role)
    if role != OWN:
        return made.assign(lower=float("nan"), upper=float("nan"))
    unit = str(indicator["unit"])
    return made.assign(
        said=[words.number(number_or_none(value), unit) for value in rows["value"]],
        interval=[
            words.interval(number_or_none(low), number_or_none(high), unit)
            for low, high in zip(rows["lower"], rows["upper"], strict=True)
        ],
        judged=[
            words.status_text(status, text_or_blank(reason))[2:]
            for status, reason in zip(rows["status"], rows["reason"], strict=True)
        ],
        reporting=coverage_marks(rows, indicator),
    )


def _below(own: pd.DataFrame, unit: str, judged: str = "") -> str:
    """'61.2%, better', 'c: suppressed to protect confidentiality', 'not collected here'."""
    if own.empty:
        return sentences.MISSING["z"]
    last = own.iloc[-1]
    value = number_or_none(last["value"])
    if value is None:
        symbol = text_or_blank(last["symbol"])
        return f"{symbol}: {SHORT.get(symbol, sentences.missing_words(last))}" if symbol else "no figure"
    said = words.number(value, unit)
    return f"{said}, {judged.lower()}" if judged and judged != "Not compared" else said


SHORT = {"c": "suppressed"}  # what fits a panel; the notes say the rest


def _in_order(values: pd.DataFrame, areas: Sequence[str], indicators: Sequence[str] = ()) -> pd.DataFrame:
    """By indicator, by area as listed with England last where it is not among them, and by period."""
    place = {area: number for number, area in enumerate(areas)}
    at = values["area"].map(lambda area: place.get(area, len(place)))
    of = values["indicator"].map(list(indicators).index) if indicators else 0
    return values.assign(_of=of, _at=at).sort_values(["_of", "_at", "period_position"], kind="stable")


def _years(values: pd.DataFrame) -> list[str]:
    """The academic years of the periods, in order."""
    return list(dict.fromkeys(period.partition(" ")[0] for period in period_order(values)))


def _ends(rows: pd.DataFrame) -> tuple[float, float] | None:
    """First and last value of a series; None where it has fewer than two."""
    known = rows.dropna(subset=["value"])
    return (float(known["value"].iloc[0]), float(known["value"].iloc[-1])) if len(known) > 1 else None


def _higher(shown: pd.DataFrame, areas: Sequence[str]) -> str:
    """How many areas stand higher than they began."""
    ends = {area: found for area in areas if (found := _ends(shown[shown["area"] == area])) is not None}
    if not ends:
        return "No area has figures for two periods"
    higher = sum(last > first for first, last in ends.values())
    first = shown.dropna(subset=["value"])["period"].iloc[0]
    said = "higher" if higher else "lower"
    if not higher:
        higher = sum(last < first for first, last in ends.values())
    return headline(f"{higher} of {words.plural(len(ends), 'area')} {said} than in {first}")


def _better(own: pd.DataFrame, indicators: pd.DataFrame, focus: str) -> str:
    """In how many indicators the stressed area stands better than it began; without direction, only that it moved."""
    direction = {code: about["better"] for code, about in by_code(indicators).items()}
    ends = {code: found for code, rows in own.groupby("indicator") if (found := _ends(rows)) is not None}
    judged = {code: found for code, found in ends.items() if direction[str(code)] in ("higher", "lower")}
    if not judged:
        return headline(f"{focus}: no two periods to compare", "No two periods to compare")
    better = sum((last > first) == (direction[str(code)] == "higher") and last != first
                 for code, (first, last) in judged.items())  # fmt: skip
    many = f"{better} of {words.plural(len(judged), 'indicator')} better than at first"
    return headline(f"{focus}: {many}", many)


def _said(current: pd.DataFrame, areas: Sequence[str], unit: str) -> str:
    """'2011/12: Camden 61.2%, London c', for the alt text."""
    rows = current.drop_duplicates("area").set_index("area")
    parts = []
    for area in areas:
        row = rows.loc[area] if area in rows.index else {"value": None, "symbol": ""}
        parts.append(f"{area} {words.number(number_or_none(row['value']), unit, text_or_blank(row['symbol']))}")
    periods = rows["period"].dropna()
    period = f"{periods.iloc[0]}: " if len(periods) else ""
    return f"{period}{', '.join(parts)}"


def _against(current: pd.DataFrame, judged: dict[str, str], reference: str) -> list[str]:
    """What the words below the panels' names set a figure against, where there are any."""
    said = sorted({word for word in judged.values() if word != "Not compared"})
    if not said or current.empty:
        return []
    period = current["period"].dropna().iloc[-1]
    higher = {"Higher", "Lower"} & set(said)
    return [f"{'Higher, similar or lower' if higher else 'Better, similar or worse'}: than {reference} in {period}."]


def _area_notes(shown: pd.DataFrame, areas: Sequence[str], indicator: Record) -> str:
    parts = ["Bars show 95% intervals."] if shown["lower"].notna().any() else []
    latest = shown.groupby("area", sort=False).tail(1)
    parts += [low] if (low := low_note(latest.dropna(subset=["value"]), indicator, "area")) else []
    absent = [area for area in areas if area not in set(shown["area"])]
    parts += [f"Not collected in {words.joined(absent)}."] if absent else []
    missing = shown[shown["value"].isna()]
    for symbol, rows in missing.groupby(missing["symbol"].fillna("")):
        why = sentences.MISSING.get(str(symbol), "no figure")
        named = [f"{area} {period}" for area, period in zip(rows["area"], rows["period"], strict=True)]
        listed = words.joined(named) if len(named) <= 4 else words.plural(len(named), "figure")
        parts.append(f"{symbol or '–'}: {why} ({listed}).")
    return " ".join(parts)


def _indicator_notes(values: pd.DataFrame, indicators: pd.DataFrame, focus: str, areas: Sequence[str]) -> str:
    own = values[values["area"] == focus]
    parts = ["Each panel has a scale of its own. Bars show 95% intervals."]
    others = [area for area in areas if area not in (focus, ENGLAND)]
    parts += [f"Thin lines: {words.joined(others)}."] if others else []
    absent = [
        about["short_title"] for about in indicators.to_dict("records") if about["code"] not in set(own["indicator"])
    ]
    parts += [f"Not collected in {focus}: {words.joined(absent)}."] if absent else []
    for symbol in sorted({text_or_blank(symbol) for symbol in own.loc[own["value"].isna(), "symbol"]} - {""}):
        parts.append(f"{symbol}: {sentences.MISSING.get(symbol, 'no figure')}.")
    return " ".join(parts)
