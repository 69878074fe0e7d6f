"""The parts of a pack that are no views: the agenda, what changed since last time, the plan, what was decided."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from charts.figure import text_or_blank
from exports import since
from exports.office.parts import Said, Section, Table
from exports.pack.parts import View
from exports.shown import Shown
from exports.views import plan
from measures import lateness, partnerships_since, words

KINDS = {"decision": "Decision", "action": "Action"}
SINCE = "Since the last meeting"
PLAN = "The plan"


def agenda(views: Sequence[View]) -> Section:
    """The views in order with who presents each."""
    rows = [{"No.": str(view.number), "What": view.headline, "Presenter": view.presenter or "–"} for view in views]
    table = Table("Agenda", pd.DataFrame(rows), widths=(0.5, 8, 3))
    return Section("agenda", "Agenda", tables=[table])


def changes(now: Shown, before: pd.Series | None, meeting: pd.Series) -> list[Section]:
    """What moved, turned or was revised in England since a meeting, a section a priority; then the partnerships.

    now: what this meeting sees; before: the meeting that was over last; both rows of data_access.meetings.meetings.
    """
    if before is None:
        return [Section("since", SINCE, lead=[Said(since.FIRST)])]
    seen = int(before["data_version"])
    against = f"{now.area}, up to {now.period_label}: data version {now.version} against {seen}, which the meeting of "
    lead = [Said(f"{against}{words.day(before['held_on'])} saw.")]
    return [*(_priority(each, lead) for each in since.by_priority(now, seen)), _partnerships(now, before, meeting)]


def _partnerships(now: Shown, before: pd.Series, meeting: pd.Series) -> Section:
    found = since.partnerships(now, before, meeting)
    lead = [Said(f"{found.against}.{since.INVENTED if found.invented else ''}")]
    quiet = [] if found.changes.groups else [Said(partnerships_since.NOTHING)]
    return Section(
        "since",
        f"{SINCE}: Partnerships",
        finding=found.changes.counts,
        lead=[*lead, *quiet],
        groups={
            title: [Said(said if said.endswith(".") else f"{said}.", name) for name, said in told]
            for title, told in found.changes.groups.items()
        },
    )


def _priority(each: since.Since, lead: list[Said]) -> Section:
    parts = {"Moved": each.moved, "Status turned": each.turned, "Revised": each.revised, "Other": each.other}
    quiet = [Said(since.NOTHING)] if each.quiet else []
    return Section(
        "since",
        f"{SINCE}: {each.title}",
        finding=each.counts,
        lead=[*lead, *quiet],
        groups={name: [_said(sentence) for sentence in found] for name, found in parts.items() if found},
        tables=[] if each.quiet else [Table(f"{each.title}, then and now", each.table, widths=(2, 1.8, 1.8, 1.3, 1.3))],
    )


def _said(sentence: str) -> Said:
    """'**Induction**: up 2 points' as a sentence about Induction."""
    found = re.fullmatch(r"\*\*(.+?)\*\*: (.+)", sentence)
    return Said(f"{found[2]}.", found[1]) if found else Said(f"{sentence}.")


def promises(now: Shown, meeting: pd.Series) -> Section:
    """How the plan stands on the day of a meeting: by action line, and the actions that are late.

    Of a meeting that is over, as the plan stood when it was closed.
    """
    stands = replace(plan.state(now), day=meeting["held_on"])
    if pd.notna(meeting["data_version"]):
        stands = replace(stands, edit=int(meeting["from_edit"]), open=False)
    found = plan.judged(stands.edit, stands.day)
    late = found[found["lateness"] != "in_time"]
    rows = [
        {
            "Action": f"{row['code']} {row['title']}",
            "Owner": row["owner_name"],
            "Due": words.day(row["due"]) if row["due"] else "not set",
            "Status": lateness.said(row["status"], row["days_late"], row["milestones_late"]),
        }
        for row in late.to_dict("records")
    ]
    lead = [
        Said(f"{stands.in_words[:1].upper()}{stands.in_words[1:]}: {lateness.counted(list(found['status']))}."),
        Said(lateness.rule(stands.day)),
        *([Said("Owners, days and status are illustrative.")] if found["illustrative"].any() else []),
    ]
    lines = Table("Action lines", plan.by_line(now, stands).astype(str), widths=(5, 0.8, 0.8, 0.8, 3))
    behind = Table("Late actions and milestones", pd.DataFrame(rows), widths=(5, 2.4, 1.5, 2.2))
    finding = lateness.finding(int(found["late"].sum()), len(found))
    return Section("plan", PLAN, finding=finding, lead=lead, tables=[lines, *([behind] if rows else [])])


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
            "In the plan": text_or_blank(row["action"]) or "–",
        }
        for row in noted.to_dict("records")
    ]
    if not rows:
        return Section("decisions", heading, lead=[Said(none)])
    counts = [(kind, int((noted["kind"] == kind).sum())) for kind in KINDS]
    counted = [words.plural(count, KINDS[kind].lower()) for kind, count in counts if count]
    table = Table(heading, pd.DataFrame(rows), widths=(1, 6.4, 2.6, 1.8, 1))
    return Section("decisions", heading, finding=words.joined(counted), tables=[table])
