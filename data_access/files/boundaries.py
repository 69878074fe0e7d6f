"""Outlines of local authorities from a GeoJSON file, keyed by any of the codes that such files use."""

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import shapely

from data_access.errors import ImportRefused, Problem
from data_access.files.checked import Checked
from data_access.files.geojson import Feature, features, outline
from data_access.files.outlines import BUDGET, fitted, mended
from data_access.places import Places

COLUMNS = ["la_code", "geometry"]
KEYS = ("old_la_code", "la_code", "code", "new_la_code", "ons_code")
_ONS_KEY = re.compile(r"(CTYUA|LAD|UTLA)\d\dCD", re.IGNORECASE)
ENGLAND = (-7.0, 49.5, 2.5, 56.1)  # west, south, east, north
_WGS84 = "Export in WGS84 (longitude, latitude)."


@dataclass
class BoundaryResult(Checked):
    """Rows: la_code and geometry (a MultiPolygon as compact GeoJSON text, 4 decimals of a degree).

    before, after: characters of all geometries before and after they were simplified.
    """

    before: int = 0
    after: int = 0


@dataclass
class _Found:
    """One feature of an authority held here; part: set where it is one of the parts that it was split into later."""

    number: int
    code: str
    la_code: str
    part: str
    shape: shapely.MultiPolygon | None = None
    crossed: bool = False


def read(path: Path, places: Places) -> BoundaryResult:
    """The outlines in the file, one row an authority; authorities that it does not have are noted, not refused."""
    result = BoundaryResult(pd.DataFrame(columns=COLUMNS))
    try:
        there = features(path)
    except ImportRefused as refused:
        result.problems = refused.problems
        return result
    key = _key(there)
    if key is None:
        names = sorted({str(name) for each in there for name in each["properties"]})[:10]
        message = f"no property of the outlines is an authority's code; they have {', '.join(names) or 'none'}."
        result.problems = [Problem(path.name, None, None, None, message, f"Name one of them {', '.join(KEYS)}.")]
        return result
    found = _take(path.name, there, key, places, result)
    shapes = {} if result.problems else _joined(path.name, key, found, places, result)
    if not shapes and not result.problems:
        message, remedy = "no outline is left to take.", "Use the authorities of 2009 to 2013."
        result.problems.append(Problem(path.name, None, key, None, message, remedy))
    if not result.problems:
        _finish(path.name, shapes, places, result)
    return result


def _key(there: list[Feature]) -> str | None:
    """The property that holds the codes: one of ours first, then one that the ONS uses."""
    names = {name for each in there for name in each["properties"]}
    ours = [name for name in KEYS if name in names]
    return next(iter([*ours, *sorted(name for name in names if _ONS_KEY.fullmatch(name))]), None)


def _take(file_name: str, there: list[Feature], key: str, places: Places, result: BoundaryResult) -> list[_Found]:
    """The features of authorities held here, with their shapes; the rest is counted, what is wrong is listed."""
    codes = pd.Series([str(each["properties"].get(key) or "").strip() for each in there], dtype=str)
    known = places.authorities(codes, codes)
    unknown: list[str] = []
    taken: list[_Found] = []
    for at, (code, la_code, part, why) in enumerate(
        zip(codes, known["la_code"], known["part"], known["why"], strict=True)
    ):
        if la_code:
            taken.append(_Found(at + 1, code, la_code, part))
        elif not code:
            message, remedy = f"feature {at + 1} has no code.", "Give each outline its authority's code."
            result.problems.append(Problem(file_name, None, key, "", message, remedy))
        elif why:
            result.ignored[f"outlines of {why}"] += 1
        elif code[0] in "WSN":
            result.ignored["outlines outside England"] += 1
        else:
            unknown.append(code)
    if unknown:
        result.ignored["outlines with a code that is not an authority's"] += len(unknown)
        result.notes.append(f"Not an authority's code, left out: {_some(unknown)}.")
    for each in taken:
        problem = _shape(each, there[each.number - 1], result)
        if problem:
            result.problems.append(Problem(file_name, None, key, each.code[:60], *problem))
    crossed = [each.code for each in taken if each.crossed]
    if crossed:
        result.notes.append(f"Outlines that crossed themselves were mended: {_some(crossed)}.")
    if any(problem.remedy == _WGS84 for problem in result.problems):  # once for the file, not once an authority
        result.problems = [next(problem for problem in result.problems if problem.remedy == _WGS84)]
    return taken


def _shape(found: _Found, feature: Feature, result: BoundaryResult) -> tuple[str, str] | None:
    """Sets the shape; returns what is wrong with it, and the remedy."""
    shape = outline(feature.get("geometry"))
    if isinstance(shape, str):
        return f"feature {found.number}: {shape}", "Export the outlines as polygons again."
    west, south, east, north = shape.bounds
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        return f"the coordinates, such as {west:g}, {south:g}, are not degrees.", _WGS84
    if not (ENGLAND[0] <= west and east <= ENGLAND[2] and ENGLAND[1] <= south and north <= ENGLAND[3]):
        return f"the outline reaches {west:g}, {south:g} to {east:g}, {north:g}: outside England.", (
            "Check that longitude comes first, then latitude, and that the code is right."
        )
    found.shape = mended(shape)
    if found.shape.is_empty:
        return "the outline has no area.", "Export it again."
    if not shape.is_valid:
        found.crossed = True
    return None


def _joined(
    file_name: str, key: str, found: list[_Found], places: Places, result: BoundaryResult
) -> dict[str, shapely.MultiPolygon]:
    """One shape an authority: its own, or that of all the parts into which it was split later."""
    shapes: dict[str, shapely.MultiPolygon] = {}
    parts: dict[str, list[_Found]] = {}
    seen: set[tuple[str, str]] = set()
    for each in found:
        if (each.la_code, each.part) in seen or (each.part and (each.la_code, "") in seen):
            message = f"feature {each.number} is a second outline of authority {each.la_code}."
            remedy = "Remove one, or merge them into one MultiPolygon."
            result.problems.append(Problem(file_name, None, key, each.code, message, remedy))
        seen.add((each.la_code, each.part))
        if each.part:
            parts.setdefault(each.la_code, []).append(each)
        elif each.shape is not None:
            shapes[each.la_code] = each.shape
    for la_code, pieces in parts.items():
        if {piece.part for piece in pieces} < places.parts(la_code):
            result.ignored[f"outlines of parts of authority {la_code}, whose other parts are missing"] += len(pieces)
        elif la_code not in shapes:
            shapes[la_code] = mended(shapely.union_all([piece.shape for piece in pieces]))
            result.notes.append(f"The outline of {la_code} was put together from its {len(pieces)} later parts.")
    return shapes


def _finish(file_name: str, shapes: dict[str, shapely.MultiPolygon], places: Places, result: BoundaryResult) -> None:
    """The rows in order of code, simplified, and what there is to say about them all."""
    codes = sorted(shapes)
    ordered = [shapes[code] for code in codes]
    texts, result.before, tolerance = fitted(ordered)
    result.after = sum(len(text) for text in texts)
    if result.after > BUDGET:
        message = f"the outlines are too detailed for a page, even simplified to {tolerance:g} of a degree."
        result.problems.append(Problem(file_name, None, None, None, message, "Export a generalised version of them."))
        return
    result.rows = pd.DataFrame({"la_code": codes, "geometry": texts}, dtype=object)
    if not shapely.coverage_is_valid(ordered):
        result.notes.append("Some outlines overlap, or do not meet point by point along the border that they share.")
    if tolerance:
        sizes = f"from {result.before / 1e6:.1f} to {result.after / 1e6:.1f} million characters"
        result.notes.append(f"The outlines were simplified {sizes}, at {tolerance:g} of a degree.")
    missing = sorted(places.la_codes - set(codes))
    if missing:
        result.notes.append(
            f"No outline for {len(missing)} of the {len(places.la_codes)} authorities: {_some(missing)}."
        )


def _some(codes: list[str]) -> str:
    return ", ".join(code[:20] for code in codes[:10]) + (f" and {len(codes) - 10} others" if len(codes) > 10 else "")
