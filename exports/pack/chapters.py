"""The parts of a pack that are no views: who meets, the agenda, what was decided and promised."""

from collections.abc import Mapping, Sequence

import pandas as pd

from charts.figure import text_or_blank
from exports.office.parts import Said, Section, Table
from exports.pack.parts import View
from measures import words

KINDS = {"decision": "Decision", "action": "Action"}


def agenda(views: Sequence[View]) -> Section:
    """The views in order with who presents each."""
    rows = [{"No.": str(view.number), "What": view.headline, "Presenter": view.presenter or "–"} for view in views]
    table = Table("Agenda", pd.DataFrame(rows), widths=(0.5, 8, 3))
    return Section("agenda", "Agenda", tables=[table])


def decisions(noted: pd.DataFrame, heading: str, members: Mapping[str, str], none: str) -> Section:
    """What was decided and promised in a meeting, in order; none: the sentence where nothing was.

    noted: data_access.meetings.decisions; members: code → name.
    """
    rows = [
        {
            "Kind": KINDS[row["kind"]],
            "What": row["text"],
            "Owner": members.get(text_or_blank(row["owner"]), text_or_blank(row["owner"])) or "–",
            "Due": "–" if pd.isna(row["due"]) else words.day(row["due"]),
        }
        for row in noted.to_dict("records")
    ]
    if not rows:
        return Section("decisions", heading, lead=[Said(none)])
    counts = [(kind, int((noted["kind"] == kind).sum())) for kind in KINDS]
    counted = [words.plural(count, KINDS[kind].lower()) for kind, count in counts if count]
    table = Table(heading, pd.DataFrame(rows), widths=(1, 7, 2.4, 1.8))
    return Section("decisions", heading, finding=words.joined(counted), tables=[table])


def names(codes: Sequence[str], members: Mapping[str, str]) -> str:
    """Members by name, in a sentence; '' where nobody is named."""
    return words.joined([members.get(code, code) for code in codes])
