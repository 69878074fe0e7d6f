"""What was found in a file and what an import of it does, did or was refused for."""

from collections.abc import Iterable
from dataclasses import astuple
from functools import partial

import pandas as pd
import streamlit as st

from data_access import access, audit, quality
from data_access.access import Viewer
from data_access.engine import get_engine, reading
from data_access.errors import DataAccessError, ImportCancelled, ImportRefused
from data_access.files.recognise import Recognition
from data_access.files.spreadsheets import csv_bytes
from data_access.imports import NOUNS, Report
from data_access.incoming import Incoming
from data_access.quality import Check
from measures import words
from pages.parts import frame, take
from pages.parts.plain import begun, escaped, sentence

LAYOUTS = {
    "EES": "DfE explore-education-statistics file",
    "template": "Filled-in template",
    "register": "School register",
    "targets": "Targets",
    "neighbours": "Statistical neighbours",
    "boundaries": "Boundaries",
}
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", "": ""}
PROBLEM = ["File", "Row", "Column", "Value", "What is wrong", "What to do"]
SEVERITY = {"error": ":material/error:", "warning": ":material/warning:", "note": ":material/info:"}
MOST_NAMED = 5
MOST_KINDS, FEW = 30, 4


def recognised(incoming: Incoming) -> None:
    """The file in words, its levels, columns and what is odd about it."""
    kind = LAYOUTS.get(incoming.layout, incoming.layout)
    found = incoming.found
    if found is None:
        st.markdown(f"**{kind}.** Its outlines are read when it is checked.")
        return
    parts = [f"**{kind}**", words.plural(found.rows, "row")]
    if found.periods:
        labels = [period.label for period in found.periods]
        parts.append(labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}")
    parts += [found.encoding, SEPARATORS.get(found.separator, found.separator)]
    st.markdown(" · ".join(part for part in parts if part))
    if found.notes:
        st.markdown("\n".join(f"- {sentence(note)}" for note in found.notes))
    if found.levels:
        st.markdown("#### Places")
        st.table(_levels(found), hide_index=True)
    box = st.expander(f"Columns ({len(found.columns)})", key="found_columns", on_change="rerun", type="compact")
    with box:
        if box.open:
            st.dataframe(_columns(found), hide_index=True, alt="The columns of the file")


def _levels(found: Recognition) -> pd.DataFrame:
    said = [(level, f"{rows:,}", "Yes" if held else "No: left out") for level, (rows, held) in found.levels.items()]
    return pd.DataFrame(said, columns=["Level", "Rows", "Held here"])


def _columns(found: Recognition) -> pd.DataFrame:
    rows = []
    for column in found.columns:
        values = list(column.values)[:MOST_NAMED] if column.role in ("filter", "time", "geography") else []
        more = f" and {column.distinct - len(values):,} more" if values and column.distinct > len(values) else ""
        symbols = ", ".join(f"{symbol} {count:,}" for symbol, count in column.symbols.items())
        rows.append(
            {
                "Column": column.name,
                "Role": "" if column.role == "unknown" else column.role.capitalize(),
                "Label": column.label,
                "Unit": column.unit,
                "Values": ", ".join(value or "(blank)" for value in values) + more,
                "Numbers": column.numbers,
                "Symbols": symbols,
                "Text": column.texts,
                "Blank": column.blanks,
            }
        )
    return pd.DataFrame(rows)


def problems_frame(refused: ImportRefused) -> pd.DataFrame:
    """The problems that are held: PROBLEM."""
    frame = pd.DataFrame([astuple(problem) for problem in refused.problems], columns=PROBLEM)
    return frame.assign(Row=frame["Row"].astype("Int64")).fillna({"Column": "", "Value": ""})


def _kinds(frame: pd.DataFrame) -> pd.DataFrame:
    """The problems in brief: alike ones in one row, with the first rows and values."""
    kinds = frame.groupby(["File", "Column", "What is wrong", "What to do"], sort=False)
    made = kinds.agg(
        Rows=("Row", lambda rows: _few("Header" if row == 1 else f"{row:,}" for row in rows.dropna())),
        Values=("Value", lambda values: _few(f"“{value}”" for value in values.unique() if value)),
    ).reset_index()
    columns = ["What is wrong", "What to do", "Column", "Rows", "Values"]
    columns = columns if made["File"].nunique() == 1 else ["File", *columns]
    made["What is wrong"] = made["What is wrong"].map(begun)
    return made[columns].head(MOST_KINDS).map(escaped)


def _few(items: Iterable[str]) -> str:
    listed = list(items)
    more = f" and {len(listed) - FEW:,} more" if len(listed) > FEW else ""
    return ", ".join(listed[:FEW]) + more


def refusal(error: DataAccessError, key: str, *, looking: bool = False) -> None:
    """Why it was not done; every problem of a refused file, with the list to take away.

    looking: the file was only looked at.
    """
    if isinstance(error, ImportCancelled):
        st.info(f"**{error.sentence}** {error.remedy}", icon=":material/cancel:")
        return
    sentence, remedy = error.sentence, error.remedy
    if looking and isinstance(error, ImportRefused):
        sentence = f"This file cannot be read as it is: {words.plural(error.count, 'problem')}."
        remedy = "Correct the file and choose it again."
    st.error(f"**{escaped(sentence)}** {escaped(remedy)}", icon=":material/error:")
    if not isinstance(error, ImportRefused):
        return
    frame = problems_frame(error)
    st.table(_kinds(frame), hide_index=True)
    label = "The problem" if len(frame) == 1 else f"All {len(frame):,} problems, one a row"
    box = st.expander(label, key=f"{key}_each", on_change="rerun", type="compact")
    with box:
        if box.open:
            st.dataframe(frame, hide_index=True, alt="The problems found, one a row")
    if error.count > len(frame):
        st.caption(f"The first {len(frame):,} of {error.count:,} problems are listed.")
    take.download(
        "These problems (CSV)",
        data=lambda: csv_bytes(frame),
        file_name="problems.csv",
        mime="text/csv",
        icon=":material/download:",
        key=f"{key}_problems",
        on_click="ignore",
    )


def report(made: Report) -> None:
    """What became of the rows, what is new, what was left out and what should be looked at."""
    noun = NOUNS.get(made.layout, "figures")
    counts = {f"New {noun}": made.new, f"Revised {noun}": made.revised, f"Unchanged {noun}": made.unchanged}
    counts |= {"Rows in the file": made.rows, "Rows left out": sum(made.ignored.values())}
    with st.container(horizontal=True):
        for label, count in counts.items():
            st.metric(label, f"{count:,}", width=160)
    said = []
    if made.new_indicators:
        said.append(f"New indicators: {escaped(', '.join(made.new_indicators))}.")
    if made.new_schools:
        said.append(f"New schools: {made.new_schools:,}.")
    said += [sentence(note) for note in made.notes]
    if said:
        st.markdown("\n".join(f"- {line}" for line in said))
    if made.ignored:
        st.markdown("#### Left out")
        rows = [(f"{count:,}", sentence(reason)) for reason, count in made.ignored.items()]
        st.table(pd.DataFrame(rows, columns=["Rows", "Why"]), hide_index=True)
    st.markdown("#### Checks")
    checks(made.checks, "report")


def checks(found: list[Check], key: str) -> None:
    """Findings with their rows on demand."""
    if not found:
        st.markdown("Nothing found that should be looked at.")
    for at, check in enumerate(found):
        box = st.expander(
            f"{escaped(check.sentence)}",
            icon=SEVERITY[check.severity],
            key=f"{key}_check_{at}",
            on_change="rerun",
            type="compact" if check.severity == "note" else "default",  # compact ones are grey
        )
        with box:
            if box.open:
                _rows(check, f"{key}_rows_{at}")


def _rows(check: Check, key: str) -> None:
    """The rows of a finding that may be seen, as a table and as a file, and how many others there are."""
    kept = len(check.rows) + check.left_out
    if kept < check.count:
        st.caption(f"The first {kept:,} of {check.count:,} rows.")
    if len(check.rows):
        frame.only_our_downloads()
        shown = check.rows.rename(columns=lambda name: str(name).replace("_", " ").capitalize())
        st.dataframe(shown, hide_index=True, alt=f"Rows of the finding: {check.sentence}")
        take.download(
            "These rows (CSV)",
            data=lambda: csv_bytes(check.rows),
            check=partial(_may_leave, access.viewer(), check.rows),
            file_name=f"{check.check}.csv",
            mime="text/csv",
            icon=":material/download:",
            key=key,
            on_click="ignore",
        )
    if check.left_out:
        rows = words.plural(check.left_out, "row")
        st.caption(f"… and {rows} about schools, for those only who may see these schools.")


def _may_leave(viewer: Viewer, rows: pd.DataFrame) -> None:
    """Raise NotAllowed where their reader may something else by now; the audit has it where they are of schools."""
    take.as_before(viewer)
    with reading(get_engine()) as connection:
        schools = quality.schools_in(connection, rows)
    if schools:
        audit.schools_left(f"{schools}, rows of a check")
