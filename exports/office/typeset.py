"""Documents as PDF/UA-1, by typst: tagged, with real text, bookmarks and alt text. common.typ is beside this file."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import pandas as pd
import typst
from PIL import ImageFont

from data_access.errors import DataAccessError
from exports.lettering import FONTS
from exports.office.parts import Said
from measures import words

AUTHOR: Final = "CPD strategy dashboard"
ROOM: Final = Path(__file__).resolve().parent.parent  # templates of this room share common.typ
KEPT: Final = 12  # documents for which typst keeps what it laid out, and a few


class DocumentFailed(DataAccessError):
    """A fault of ours: the document could not be made as it should be."""

    def __init__(self, what: str, why: str):
        super().__init__(f"The PDF of {what} cannot be made.", f"Report this, with what was said: {why}")


def document(template: Path, content: Mapping[str, Any], what: str) -> bytes:
    """A template filled with content, as the bytes of a PDF. what: whose document it is, for people.

    Raises DocumentFailed where anything of it is not as it should be.
    """
    compiler = typst.Compiler(template, root=ROOM, font_paths=[FONTS], ignore_system_fonts=True)
    try:
        made, warnings = compiler.compile_with_warnings(
            format="pdf",
            pdf_standards="ua-1",
            sys_inputs={"data": shown(json.dumps({"author": AUTHOR, **content}, ensure_ascii=False))},
            timestamp=datetime.now(UTC).replace(microsecond=0),
        )
    except typst.TypstError as error:
        raise DocumentFailed(what, error.message) from error
    finally:
        _forget()
    if warnings:
        raise DocumentFailed(what, "; ".join(str(warning.message) for warning in warnings))
    assert isinstance(made, bytes)
    return made


def said(sentence: Said) -> dict[str, str]:
    """A sentence as templates take it."""
    return {"about": sentence.about, "text": sentence.text}


def table(
    frame: pd.DataFrame, title: str, note: str, widths: Mapping[str, float], *, size: float = 8.5, inset: float = 3
) -> dict[str, Any]:
    """A table as the template's `data-table` takes it. widths: column → relative width, 1 where it is not named."""
    columns = list(frame.columns)
    return {
        "title": title,
        "note": note,
        "columns": columns,
        "widths": [widths.get(name, 1) for name in columns],
        "rows": frame.astype(str).to_numpy().tolist(),
        "size": size,
        "inset": inset,
    }


def definitions(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """exports.definitions.table as the template's `defined` takes it: priority → its indicators with what is said."""
    said = ["Numerator", "Denominator", "Suppressed", "Collected", "Mind"]
    made: dict[str, list[dict[str, Any]]] = {}
    for row in frame.to_dict("records"):
        parts = [(name, f"{str(row[name]).rstrip('.')}.") for name in said if row[name]]
        entry = {"name": row["Indicator"], "what": row["What it says"], "parts": parts}
        made.setdefault(str(row["Priority"]), []).append(entry)
    return made


def shown(text: str) -> str:
    """The text with a question mark for each character that the document's font lacks: PDF/UA allows no empty boxes."""
    drawn = {*words.STATUS_SYMBOLS.values()}
    lacking = {ord(each): "?" for each in {*text} - drawn if not each.isascii() and _lacks(each)}
    return text.translate(lacking)


@cache
def _lacks(character: str) -> bool:
    return _outline(character) == _outline("\uffff")


@cache
def _outline(character: str) -> bytes:
    font = ImageFont.truetype(str(FONTS / "SourceSans3-Regular.ttf"), 40)
    return bytes(font.getmask(character))


def _forget() -> None:
    """Let go of what was laid out: typst keeps it for some further documents, so that memory would grow with them."""
    for _ in range(KEPT):
        typst.compile(b"", format="svg", ignore_system_fonts=True)
