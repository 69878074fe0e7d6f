"""The outline of a memorandum of understanding from a partnership's entry and its health check, as PDF/UA-1."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from charts.figure import slugify
from data_access.partnerships.checks import Known
from exports.office import typeset
from measures import health, words
from measures.health import Profile
from measures.partnership_words import ANSWERS, CHECKS, CHECKS_BY_SET, FOCI, KINDS, ROLES, WORKING_MODELS

MIME = "application/pdf"
TEMPLATE = Path(__file__).parent / "memorandum.typ"
LINES = 3  # left to write on, where the register says nothing


def file_name(code: str, name: str) -> str:
    """'memorandum_p0018_example-partnership-project-croydon.pdf'."""
    return f"{slugify('memorandum', code, name)}.pdf"


def parts(about: Mapping[str, Any], members: pd.DataFrame, found: Profile, there: Known) -> list[dict[str, Any]]:
    """The outline: heading, text, items (about, text), and how many blank lines are left to write on.

    about: the partnership's row; members: those of now, with called and role. What is agreed already stands as a
    sentence, what is not as a question with room to answer it.
    """
    areas = words.joined([there.areas.get(code, code) for code in about["areas"]])
    lasts = f" to {words.day(about['ended'])}" if about["ended"] else ", without an end so far"
    made = [
        _part("Purpose", about["purpose"], blank=0 if about["purpose"] else LINES),
        _part("Where and how long", f"{KINDS[about['kind']]} in {areas}, from {words.day(about['began'])}{lasts}."),
        _part(
            "Members and roles",
            items=[_item(called, ROLES[role]) for called, role in zip(members["called"], members["role"], strict=True)],
        ),
        _part(
            "How it works",
            ". ".join(
                filter(
                    None,
                    (
                        words.joined([WORKING_MODELS[code] for code in about["working_models"]]),
                        "Foci: " + words.joined([FOCI[code] for code in about["foci"]]) if about["foci"] else "",
                    ),
                )
            ),
            blank=0 if about["working_models"] else LINES,
        ),
    ]
    latest = found.latest()
    for title, items in CHECKS_BY_SET.items():
        agreed = [_item(CHECKS[code], found.notes.get(code, "in place")) for code in items if latest[code] == "yes"]
        to_agree = [
            _item(CHECKS[code], found.notes.get(code, "") or f"{ANSWERS.get(latest[code], 'No answer')}: to be agreed")
            for code in items
            if latest[code] != "yes"
        ]
        made.append(_part(f"{title}: in place", items=agreed, text="" if agreed else "Nothing yet."))
        if to_agree:
            made.append(_part(f"{title}: to be agreed", items=to_agree, blank=LINES))
    made.append(_part("Signed for the members", "Organisation, role and day.", blank=2 * LINES))
    return made


def pdf(about: Mapping[str, Any], members: pd.DataFrame, found: Profile, there: Known, source: str) -> bytes:
    """The outline as the bytes of a PDF. source: what its foot says. Raises exports.office.typeset.DocumentFailed."""
    title = f"Memorandum of understanding, outline: {about['name']}"
    content = {
        "title": title,
        "keywords": ["memorandum", "partnership", about["code"]],
        "running": title,
        "illustrative": bool(about["illustrative"]),
        "source": source,
        "lead": f"{health.finding(found)}. Made from the register; to be completed and agreed by the members.",
        "parts": parts(about, members, found, there),
    }
    return typeset.document(TEMPLATE, content, str(about["name"]))


def _part(heading: str, text: str = "", items: list[dict[str, str]] | None = None, blank: int = 0) -> dict[str, Any]:
    return {"heading": heading, "text": text, "items": items or [], "blank": blank}


def _item(about: str, text: str) -> dict[str, str]:
    return {"about": about, "text": text}
