"""The plan as files to take away: a CSV, a line an action, and a workbook with its milestones and reviews."""

from collections.abc import Mapping

import pandas as pd

from charts.figure import slugify
from charts.timeline import table
from data_access.files.spreadsheets import csv_bytes, workbook
from exports.chase import MIME
from exports.shown import Shown
from exports.views import plan
from exports.views.plan import State, Which
from measures import lateness, words

KINDS = {"csv": "text/csv", "xlsx": MIME}
ILLUSTRATIVE = (
    "Illustrative data: owners, days, milestones, status and notes are invented; what the actions are is not."
)


def file_name(now: Shown, shown: State, which: Which, kind: str) -> str:
    """'plan_all-actions_2012-08-31.xlsx'; of a plan version '…_version-1.xlsx', of an earlier state '…_v7.xlsx'."""
    part = f"version-{shown.version}" if shown.as_agreed else "" if shown.open else f"v{now.version}"
    parts = ["plan", plan.place_words(now, which), shown.day.isoformat(), part]
    return f"{slugify(*(each for each in parts if each))}.{kind}"


def cover(now: Shown, shown: State, which: Which, exported: str) -> dict[str, str]:
    """What the file shows, when, from where. exported: the day of the export."""
    found = plan.chosen(shown, which)
    about = plan.context(now, shown, which, found)
    return {
        "Title": lateness.finding(int(found["late"].sum()), len(found)),
        "What": f"{about.place} of the {about.source}: {shown.in_words}",
        "Judged on": words.day(shown.day),
        "Rule": lateness.rule(shown.day),
        "Data version": f"{about.data_version}, {about.date_text}",
        "Edit": str(shown.edit),
        "Exported": exported,
        "Kind of data": ILLUSTRATIVE if about.illustrative else "As entered by those who look after the plan",
    }


def csv(now: Shown, shown: State, which: Which, exported: str) -> bytes:
    """A line an action, each with what the file shows and when; text that a spreadsheet would compute stays text."""
    found = plan.chosen(shown, which)
    said = cover(now, shown, which, exported)
    return csv_bytes(_actions(found).assign(**{name: said[name] for name in list(said)[1:]}))


def xlsx(now: Shown, shown: State, which: Which, exported: str) -> bytes:
    """Four sheets: the cover, a line an action, a line a milestone, a line a plan version; accessible like all here."""
    found = plan.chosen(shown, which)
    said = cover(now, shown, which, exported)
    sheets = {
        "Cover": _cover(said),
        "Actions": _actions(found),
        "Milestones": _milestones(found, shown),
        "Plan versions": _versions(shown),
    }
    return workbook(sheets)


def _cover(said: Mapping[str, str]) -> pd.DataFrame:
    last = "Actions: a line an action. Milestones: a line a milestone. Plan versions: what each review agreed."
    rows = said | {"Sheets": last}  # type: ignore[operator]
    return pd.DataFrame({"About": list(rows), "Text": list(rows.values())})


def _actions(found: pd.DataFrame) -> pd.DataFrame:
    """As on the page, with days as dates, and what of it is invented."""
    made = table(found)
    made["Start"], made["Due"] = found["starts"].to_numpy(), found["due"].to_numpy()
    kind = found["illustrative"].map({True: "Illustrative", False: "Entered"}).to_numpy()
    return made.assign(**{"Milestones late": found["milestones_late"].to_numpy(), "Owner and days": kind})


def _milestones(found: pd.DataFrame, shown: State) -> pd.DataFrame:
    rows = [
        {
            "Action": f"{action['code']} {action['title']}",
            "Owner": action["owner_name"],
            "Milestone": step.title,
            "Due": step.due,
            "Reached": step.done,
            "Late": "yes" if action["status"] not in lateness.OVER and step.late(shown.day) else "no",
        }
        for action in found.to_dict("records")
        for step in action["milestones"]
    ]
    return pd.DataFrame(rows, columns=["Action", "Owner", "Milestone", "Due", "Reached", "Late"]).astype(object)


def _versions(shown: State) -> pd.DataFrame:
    found = plan.plan_versions(shown.edit).sort_values("number")
    kind = found["illustrative"].map({True: "Illustrative", False: "Entered"})
    return pd.DataFrame(
        {
            "Version": found["number"],
            "Agreed on": found["agreed_on"],
            "Title": found["title"],
            "Note": found["note"],
            "Recorded by": found["made_by"],
            "Kind": kind,
        }
    )
