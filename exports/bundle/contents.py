"""What a bundle holds, for people and for programs: file, what it shows, headline, alt text; what is missing, why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from charts.figure import Figure
from data_access.files.spreadsheets import csv_bytes
from exports.bundle.planned import OVER, Plan
from measures import words

_STYLE = (
    "body{font:16px/1.4 'Source Sans 3',Arial,sans-serif;color:#0b0c0c;margin:2rem;max-width:75rem}"
    "table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.4rem 1rem .4rem 0;"
    "border-bottom:1px solid #b1b4b6}a{color:#1d70b8}"
)


@dataclass(frozen=True)
class Entry:
    """One chart of a bundle. files: their names, none where there is no chart; why: the reason then, as a sentence."""

    name: str
    files: Sequence[str] = ()
    period: str = ""
    headline: str = ""
    alt: str = ""
    kind: str = ""
    why: str = ""

    @classmethod
    def of(cls, name: str, figure: Figure, files: Sequence[str]) -> "Entry":
        """What is said of a figure that was drawn."""
        about = figure.context
        kind = "" if about is None else "Illustrative data" if about.illustrative else "Published data"
        return cls(name, files, "" if about is None else about.period_label, figure.headline, figure.alt, kind)


def csv(plan: Plan, entries: Sequence[Entry]) -> bytes:
    """One row a file, and one for each chart that there is not."""
    rows = [
        {
            "File": file,
            OVER[plan.over].capitalize(): entry.name,
            "Period": entry.period,
            "Headline": entry.headline,
            "Alt text": entry.alt,
            "Kind of data": entry.kind,
            "Why there is none": entry.why,
        }
        for entry in entries
        for file in entry.files or [""]
    ]
    return csv_bytes(pd.DataFrame(rows))


def html(plan: Plan, entries: Sequence[Entry], told: Sequence[str]) -> bytes:
    """A page that leads to each file and opens without a network; told: what holds for all, a sentence each."""
    made = [entry for entry in entries if entry.files]
    missing = [entry for entry in entries if not entry.files]
    what = OVER[plan.over].capitalize()
    parts = [
        f"<h1>{escape(plan.title)}</h1>",
        *(f"<p>{escape(text)}</p>" for text in told),
        _table(words.plural(len(made), "chart"), [what, "Headline", "What it shows", "Files"], map(_row, made)),
    ]
    if missing:
        rows = (f"<tr><th scope='row'>{escape(entry.name)}</th><td>{escape(entry.why)}</td></tr>" for entry in missing)
        parts.append(_table(f"{words.plural(len(missing), 'chart')} not made", [what, "Why"], rows))
    head = f"<meta charset='utf-8'><title>{escape(plan.title)}</title><style>{_STYLE}</style>"
    view = "<meta name='viewport' content='width=device-width, initial-scale=1'>"
    return f"<!doctype html><html lang='en-GB'><head>{head}{view}</head><body>{''.join(parts)}</body></html>".encode()


def _table(title: str, heads: Sequence[str], rows: Iterable[str]) -> str:
    said = "".join(f"<th scope='col'>{escape(head)}</th>" for head in heads)
    return f"<h2>{escape(title)}</h2><table><thead><tr>{said}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _row(entry: Entry) -> str:
    links = ", ".join(f"<a href='{escape(file)}'>{escape(file)}</a>" for file in entry.files)
    cells = (entry.headline, entry.alt)
    said = "".join(f"<td>{escape(text)}</td>" for text in cells)
    return f"<tr><th scope='row'>{escape(entry.name)}</th>{said}<td>{links}</td></tr>"
