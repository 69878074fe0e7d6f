"""What the invented partnerships did between the two illustrative meetings: nothing of it lies within the strategy.

One begins, two end, some meet again, one finds a link adviser, two check their health; others are not heard of.
"""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from data_access import edits
from data_access.partnerships import entries
from data_access.partnerships.checks import checked, known
from data_access.partnerships.fields import ACTIVITIES, HEALTH_CHECKS, MEMBERS, PARTNERSHIPS, Sheet
from measures.partnership_words import LEAD, LINK

ENDED, CHECKED, JOINED = date(2012, 9, 28), date(2012, 9, 20), date(2012, 9, 10)
ADVISER = "A national body for professional development"
NEW = {
    "name": "Example network of CPD leaders, begun in autumn, Camden",
    "kind": "cpd_leader_network",
    "purpose": "To make needs identification a shared concern.",
    "areas": ["202"],
    "began": JOINED,
    "outcomes": ["2b"],
    "illustrative": True,
}
STEP = {"no": "in_progress", "in_progress": "yes", "yes": "yes"}


def fill(connection: Connection) -> None:
    """Enter it as one edit; the partnerships are there already."""
    number = edits.begin(connection, "Illustrative data", "Illustrative partnerships up to autumn 2012")
    whole = entries.rows(connection, PARTNERSHIPS)
    going = whole[[ended is None for ended in whole["ended"]]].reset_index(drop=True)
    silent = going["code"].iloc[2::8]  # not heard of since July
    meeting = [
        {"partnership": code, "kind": "meeting", "held_on": date(2012, 9, 4 + at % 24), "title": "Meeting in September"}
        for at, code in enumerate(going["code"])
        if code not in set(silent)
    ]
    _add(connection, ACTIVITIES, meeting, number)
    for row in going[going["code"].isin(silent[:2])].to_dict("records"):
        edits.change(connection, PARTNERSHIPS.table, row["code"], {"ended": ENDED}, number, seen=row["from_edit"])
    code = entries.next_code(connection)
    edits.add(connection, PARTNERSHIPS.table, {"code": code, **checked(PARTNERSHIPS, NEW, known(connection))}, number)
    joined = [{"partnership": code, "kind": "la", "organisation": "202", "role": LEAD, "joined": JOINED}]
    left = _without_adviser(entries.rows(connection, MEMBERS), set(going["code"]) - set(silent))
    joined.append(
        {"partnership": left, "kind": "national_body", "organisation": ADVISER, "role": LINK, "joined": JOINED}
    )
    _add(connection, MEMBERS, joined, number)
    checks = entries.rows(connection, HEALTH_CHECKS)
    of = [each for each in dict.fromkeys(checks["partnership"]) if each in set(going["code"]) - set(silent)][:2]
    _add(connection, HEALTH_CHECKS, [row for each in of for row in _next_check(checks, each)], number)
    entries.agree(connection, [*going["code"], code])


def _without_adviser(members: pd.DataFrame, going: set[str]) -> str:
    """The first partnership that goes on whose link adviser left, and no other followed."""
    advisers = members[(members["role"] == LINK) & members["partnership"].isin(going)]
    there = {code for code, left in zip(advisers["partnership"], advisers["left"], strict=True) if left is None}
    return str(next(code for code in advisers["partnership"] if code not in there))


def _next_check(checks: pd.DataFrame, code: str) -> list[dict[str, Any]]:
    """A check with every second item a step further than at the latest one."""
    mine = checks[checks["partnership"] == code]
    latest = mine[mine["held_on"] == mine["held_on"].max()]
    return [
        {
            "partnership": code,
            "held_on": CHECKED,
            "item": row["item"],
            "answer": STEP[row["answer"]] if at % 2 else row["answer"],
        }
        for at, row in enumerate(latest.to_dict("records"))
    ]


def _add(connection: Connection, sheet: Sheet, rows: list[dict[str, Any]], number: int) -> None:
    there = known(connection)
    made = [{"partnership": row["partnership"], **checked(sheet, row, there)} for row in rows]
    edits.add_many(connection, sheet.table, pd.DataFrame(made), number)
