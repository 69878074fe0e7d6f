"""Who changed what of the plan and when, in words; and what one plan version has that another has not."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from data_access import edits
from data_access.plan import NO_OWNER, in_force, member_names, milestones
from data_access.register_tables import action
from measures import words
from measures.lateness import STATUSES, Milestone

FIRST = "came into the plan"
WHAT = ("Ended", "New", "Changed")


def history(connection: Connection, code: str) -> pd.DataFrame:
    """Every edit of an action, newest first: edit, made_at (UTC), made_by, reason, changed.

    changed: in words: 'status: under way → done; due: 30 July 2010 → 17 December 2010'.
    """
    rows = edits.history(connection, action, code)
    states = rows.astype(object).where(rows.notna(), None).to_dict("records")
    names = member_names(connection)
    for state in states:
        state["milestones"] = milestones(state["milestones"])
        state["owner_name"] = names.get(state["owner"], state["owner"]) or NO_OWNER
    said = ["; ".join(changes(before, after)) for after, before in pairwise(states)]
    found = rows.rename(columns={"from_edit": "edit"})[["edit", "made_at", "made_by", "reason"]]
    return found.assign(changed=pd.Series([*said, FIRST][: len(rows)], dtype=object))


def changes(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> list[str]:
    """What differs between two states of an action (rows of data_access.plan.actions), each in words."""
    said = []
    for name, label in (("owner_name", "owner"), ("starts", "start"), ("due", "due"), ("status", "status")):
        if before[name] != after[name]:
            said.append(f"{label}: {_word(before[name])} → {_word(after[name])}")
    if before["illustrative"] and not after["illustrative"]:
        said.append("no longer illustrative")
    said += _steps(before["milestones"], after["milestones"])
    if before["note"] != after["note"]:
        said.append(f"note: “{after['note']}”" if after["note"] else "note taken away")
    if before["ended"] != after["ended"]:
        said.append(
            f"ended on {words.day(after['ended'])}: {after['ended_why']}" if after["ended"] else "taken up anew"
        )
    return said


def _word(value: object) -> str:
    if isinstance(value, date):
        return words.day(value)
    text = str(value or "none")
    return STATUSES[text].lower() if text in STATUSES else text


def _steps(before: tuple[Milestone, ...], after: tuple[Milestone, ...]) -> list[str]:
    """Milestones that came, went, moved or were reached."""
    old, new = {step.title: step for step in before}, {step.title: step for step in after}
    said = [f"milestone “{title}” taken away" for title in old if title not in new]
    for title, step in new.items():
        was = old.get(title)
        if was is None:
            said.append(f"milestone “{title}” added, due {words.day(step.due)}")
        elif was.due != step.due:
            said.append(f"milestone “{title}”: due {words.day(was.due)} → {words.day(step.due)}")
        if step.done and (was is None or was.done != step.done):
            said.append(f"milestone “{title}” reached on {words.day(step.done)}")
        elif was is not None and was.done and not step.done:
            said.append(f"milestone “{title}” open again")
    return said


def between(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """What a later plan version has that an earlier one has not: code, title, what (of WHAT), said (in words).

    before, after: data_access.plan.actions after the edits of the two. Sorted as WHAT, then by code.
    """
    old = {row["code"]: row for row in in_force(before).to_dict("records")}
    rows = []
    for row in after.to_dict("records"):
        was = old.get(row["code"])
        if was is not None and row["ended"] is not None:
            rows.append((row["code"], row["title"], "Ended", row["ended_why"]))
        elif was is None and row["ended"] is None:
            due = f", due {words.day(row['due'])}" if row["due"] else ""
            rows.append((row["code"], row["title"], "New", f"{row['owner_name']}{due}"))
        elif was is not None and (said := changes(was, row)):
            rows.append((row["code"], row["title"], "Changed", "; ".join(said)))
    rows.sort(key=lambda row: WHAT.index(row[2]))
    return pd.DataFrame(rows, columns=["code", "title", "what", "said"])
