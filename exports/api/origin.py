"""Where one figure comes from, as JSON: the same that the pages say of it."""

import json

import pandas as pd

from data_access.errors import UnknownCode
from data_access.provenance import Provenance
from exports import provenance
from exports.api import formats
from exports.api.columns import FIGURE, IMPORTS, INDICATORS, REVISIONS, Columns
from exports.views import data

MEANING = ("title", "unit", "numerator", "denominator", "why_it_matters", "caveats")  # of INDICATORS


def told(given: str, version: int) -> bytes:
    """The answer for a figure as an address of the pages names it.

    Raises UnknownCode for what is not known; no school is: any page elsewhere may read the answer (decision 15).
    """
    cell = provenance.understood(given, version)
    if cell.area_code not in set(data.areas(version)["area_code"]):
        raise UnknownCode(
            f"“{cell.area_code[:40]}” is not England, a region or a local authority.",
            "Use the code or name of one; where a school’s figure comes from, the pages tell.",
        )
    found = provenance.read(cell, version)
    return json.dumps(_said(found), ensure_ascii=False).encode()


def _said(found: Provenance) -> dict[str, object]:
    cell = found.cell
    figure = pd.DataFrame([found.figure.reindex(list(FIGURE))]).assign(staff_group=cell.staff_group, phase=cell.phase)
    meaning = pd.DataFrame([found.about[list(MEANING)]])
    came = found.imports["imported_at"].map(pd.Timestamp.isoformat)
    undone = found.imports["undone_at"].map(lambda moment: None if pd.isna(moment) else moment.isoformat())
    revised = found.revisions.assign(made_at=found.revisions["made_at"].map(pd.Timestamp.isoformat))
    return {
        "data_version": found.version,
        "made_at": data.reference(found.version).made_at.date().isoformat(),
        "about": provenance.kind_words(found),
        "figure": _objects(figure, FIGURE)[0],
        "coverage": provenance.coverage(found.figure, found.about),
        "suppression": provenance.suppression(found),
        "definition": _objects(meaning, {name: INDICATORS[name] for name in MEANING})[0],
        "imports": _objects(found.imports.assign(imported_at=came, undone_at=undone), IMPORTS),
        "revisions": _objects(revised, REVISIONS),
        "link": provenance.link(cell, found.version),
    }


def _objects(frame: pd.DataFrame, columns: Columns) -> list[object]:
    if frame.empty:  # which has no types
        return []
    return [json.loads(text) for text in formats.json_objects(frame, columns)]
