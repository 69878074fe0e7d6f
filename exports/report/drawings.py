"""The charts of a report: figures for formats that draw them natively, and the page's own drawing where it has one."""

import pandas as pd

from charts import trend
from charts.figure import Figure, Record
from charts.tables import by_code
from exports import benchmarks, frames
from exports.office.parts import Chart
from exports.report.subject import Subject
from measures import findings, sentences, words

WORDS = ("Better", "Higher", "Similar", "Lower", "Worse", "Not compared")
ENGLAND = "England"


def against_england(of: Subject, mine: pd.DataFrame, rows: pd.DataFrame, drawn: Figure) -> Chart:
    """The percentages of one priority beside England's; what has another unit or no value is said in the notes.

    mine: the records of its indicators, rows: their figures, in the same order; drawn: its spine chart.
    """
    about = by_code(mine)
    national = of.material.england.set_index("indicator")["value"]
    percent = rows[rows["unit"] == "percent"]
    values = pd.DataFrame(
        {of.name: percent["value"].to_list(), ENGLAND: national.reindex(percent["indicator"]).to_list()},
        index=[_label(row, about[row["indicator"]]) for row in percent.to_dict("records")],
    )
    rest = rows[rows["unit"] != "percent"].to_dict("records")
    others = [_beside(row, about[row["indicator"]], national) for row in rest]
    gone = rows[rows["value"].isna()]
    symbols = sorted({*gone["symbol"]} - {""})
    why = [f"{symbol}: {words.SYMBOL_WORDS.get(symbol, 'no value')}." for symbol in symbols]
    notes = ["Lines show 95% intervals.", *(["In other units: " + "; ".join(others) + "."] if others else []), *why]
    return Chart(
        title=drawn.headline,
        subtitle=drawn.subtitle,
        alt=drawn.alt,
        kind="bars",
        unit="percent",
        values=values.astype(float).round(words.DIGITS["percent"]),
        lower=_limit(percent["lower"], values, "percent"),
        upper=_limit(percent["upper"], values, "percent"),
        source=drawn.source,
        notes=" ".join(notes),
        spec=drawn.spec,
        drawn_notes=drawn.notes,
    )


def _limit(limits: pd.Series, values: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Limits of the first series, as exports.office.parts.Chart takes them."""
    return pd.DataFrame({values.columns[0]: limits.to_list()}, index=values.index, dtype=float).round(
        words.DIGITS[unit]
    )


def _label(row: dict, about: Record) -> str:
    """'1a Inclusive PD policy, 76.5%'; without a value its symbol in place of it."""
    return f"{about['outcome']} {about['short_title']}, {words.number(row['value'], row['unit'], row['symbol'])}"


def _beside(row: dict, about: Record, national: pd.Series) -> str:
    nation = words.number(national.get(row["indicator"]), row["unit"])
    interval = words.interval(row["lower"], row["upper"], row["unit"])
    return (
        f"{words.inline(str(about['short_title']))} {words.number(row['value'], row['unit'], row['symbol'])} "
        f"({interval}), England {nation}"
    )


def compared(of: Subject) -> Chart:
    """How many indicators are better, similar or worse than each benchmark."""
    counts = of.compared.apply(lambda column: column.value_counts()).reindex(WORDS).dropna(how="all").fillna(0)
    values = counts.T.rename(index=of.mark_names).astype(int)
    said = "; ".join(f"{of.mark_names[key]}: {of.counted(key)}" for key in of.marks)
    return Chart(
        title="Indicators by comparison",
        subtitle=f"Number of indicators · {of.name} · {of.material.period_label}",
        alt=f"Stacked bars: how {of.name}'s indicators compare. {said}.",
        kind="stacked",
        unit="count",
        values=values,
        source=of.context(of.rows).source_line(),
        notes=benchmarks.COMPARED,
    )


def over_time(of: Subject) -> list[Chart]:
    """Two indicators over time: the one that most needs attention, and the one that goes best; [] without any."""
    behind, well = findings.attention(of.rows, of.indicators, of.way, 1, final_period=of.material.final_period)
    chosen = list(dict.fromkeys(found.indicator for found in [*behind, *well]))
    there = of.rows.loc[of.rows["value"].notna(), "indicator"]
    chosen += [code for code in there if code not in chosen]
    return [_trajectory(of, code) for code in chosen[:2]]


def _trajectory(of: Subject, indicator: str) -> Chart:
    """The page's chart of one indicator up to the period, with England."""
    known = of.material.known
    until = known.periods.set_index("code")["position"][of.material.period]
    histories = {level: _until(rows, indicator, until) for level, rows in of.material.over_time.items()}
    area, england = of.of(histories["la"]), histories["england"]
    latest = of.rows[of.rows["indicator"] == indicator]
    about = by_code(of.indicators)[indicator]
    row, unit = latest.iloc[0], str(about["unit"])
    marker = sentences.trend_marked(row, "term" if " " in row["period"] else "year")
    made = of.context(latest, indicator, comparator="its trajectory and England")
    drawn = trend.trajectory(area, about, made, england=england, marker=marker)
    by_period = area.set_index("period")
    values = pd.DataFrame(
        {
            of.name: by_period["value"],
            ENGLAND: england.set_index("period")["value"].reindex(by_period.index),
            "Expected": by_period["expected"],
        }
    ).astype(float)
    values.index = pd.Index([frames.short_period(code) for code in values.index])
    return Chart(
        title=f"{about['short_title']}: {drawn.headline}",
        subtitle=drawn.subtitle,
        alt=drawn.alt,
        kind="lines",
        unit=unit,
        values=values.round(words.DIGITS[unit]),
        lower=_limit(by_period["lower"], values, unit),
        upper=_limit(by_period["upper"], values, unit),
        source=drawn.source,
        notes=drawn.notes,
        spec=drawn.spec,
        drawn_notes=drawn.notes,
    )


def _until(rows: pd.DataFrame, indicator: str, position: float) -> pd.DataFrame:
    rows = rows[(rows["indicator"] == indicator) & (rows["period_position"] <= position + 1e-6)]
    return rows.sort_values("period_position")


def response_table(found: pd.DataFrame) -> pd.DataFrame:
    """exports.frames.response for people: a row a phase with its number of schools, a column a kind of collection."""
    rows: dict[str, dict[str, str]] = {}
    for row in found.itertuples():
        label = f"{str(row.phase).capitalize()} ({words.plural(int(str(row.schools)), 'school')})"
        rows.setdefault(label, {})[str(row.kind).capitalize()] = words.share(float(str(row.share)))
    made = pd.DataFrame.from_dict(rows, orient="index").fillna("–")
    return made.rename_axis("Phase").reset_index() if len(made) else made


def response(of: Subject, found: pd.DataFrame) -> Chart:
    """The same as bars: a category a phase, a series a kind of collection."""
    shares = found.pivot(index="phase", columns="kind", values="share").reindex(list(dict.fromkeys(found["phase"])))
    values = (100 * shares[list(dict.fromkeys(found["kind"]))]).round(0)
    values.index = pd.Index([str(phase).capitalize() for phase in values.index])
    values.columns = pd.Index([str(kind).capitalize() for kind in values.columns])
    table = response_table(found)
    said = "; ".join(", ".join(f"{name} {cell}" for name, cell in row.items()) for row in table.to_dict("records"))
    return Chart(
        title="Share of the schools in the register that answered",
        subtitle=f"By phase and kind of collection · {of.name} · {of.material.period_label}",
        alt=f"Bars of the share of schools that answered. {said}.",
        kind="bars",
        unit="percent",
        values=values,
        source=of.context(of.rows).source_line(),
        notes="Counted, not estimated: there is no interval.",
    )
