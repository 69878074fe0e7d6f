"""Read a GeoJSON file that anyone may have made: bounded, finite, and refused in plain words where it is none."""

import json
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import shapely

from data_access.errors import ImportRefused, Problem

LARGEST = 100_000_000  # bytes
Feature = dict[str, Any]  # type, properties and geometry: JSON, so of any shape


def features(path: Path) -> list[Feature]:
    """The features of a FeatureCollection, each with a dict of properties; raises ImportRefused where it is none."""
    try:
        if path.stat().st_size > LARGEST:
            _refuse(path, f"the file is larger than {LARGEST // 1_000_000} MB.", "Export a generalised version of it.")
        content = json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_no_number)
    except OSError:
        _refuse(path, "the file cannot be read.", "Check its path and its permissions.")
    except UnicodeDecodeError:
        _refuse(path, "the file is not UTF-8 text.", "Export it as GeoJSON, not as a shapefile or an archive.")
    except RecursionError:
        _refuse(path, "the file is nested too deeply to be GeoJSON.", "Export it again.")
    except ValueError as error:  # no JSON, NaN, or a number of thousands of digits
        line = getattr(error, "lineno", None)
        _refuse(path, "the file is not JSON.", "Export it as GeoJSON.", line)
    found = content.get("features") if isinstance(content, dict) else None
    if not isinstance(found, list) or content.get("type") != "FeatureCollection":
        _refuse(path, "the file is no GeoJSON FeatureCollection.", "Export the outlines as GeoJSON.")
    if not found:
        _refuse(path, "the file has no features.", "Export it again.")
    if not all(isinstance(each, dict) and isinstance(each.get("properties"), dict) for each in found):
        _refuse(path, "the file has features without properties.", "Export each outline with its authority's code.")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _refuse(path: Path, message: str, remedy: str, row: int | None = None) -> NoReturn:
    raise ImportRefused([Problem(path.name, row, None, None, message, remedy)])


def outline(geometry: object) -> shapely.MultiPolygon | str:
    """A Polygon or MultiPolygon of JSON as one shape, valid or not; or the sentence that says why it is none."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return "the outline is not a Polygon or MultiPolygon."
    parts = geometry.get("coordinates")
    parts = [parts] if geometry["type"] == "Polygon" else parts
    if not isinstance(parts, list) or not parts:
        return "the outline has no coordinates."
    polygons = []
    for part in parts:
        if not isinstance(part, list) or not part:
            return "a part of the outline has no rings."
        rings = [_ring(ring) for ring in part]
        wrong = next((ring for ring in rings if isinstance(ring, str)), None)
        if wrong:
            return wrong
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    return shapely.MultiPolygon(polygons)


def _ring(positions: object) -> np.ndarray | str:
    """A ring's positions, shape (n, 2), degrees or whatever they are; or the sentence that says why it is none."""
    try:
        found = np.asarray(positions)
    except ValueError:  # positions of different lengths, or nested too deeply
        return "a ring is not a list of positions."
    if found.ndim != 2 or found.shape[1] not in (2, 3, 4):
        return "a ring is not a list of positions."
    if found.dtype.kind not in "iuf" or not np.isfinite(found).all():
        return "a coordinate is not a finite number."
    if len(found) < 4:
        return "a ring has fewer than four positions."
    return found[:, :2].astype(float)
