"""Outlines of areas made fit for a page: valid, small enough, and still meeting along the borders that they share."""

import json
from collections.abc import Sequence

import numpy as np
import shapely

DECIMALS = 4  # of a degree: some 10 metres
BUDGET = 1_200_000  # characters of JSON for all outlines together
# Degrees: detail whose area is below the square of this goes, from hardly visible to coarse.
TOLERANCES = (0.0002, 0.0005, 0.001, 0.002, 0.004, 0.007, 0.01, 0.02, 0.05)


def mended(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """The shape as valid polygons, without the lines and points that mending may leave; empty where nothing is left."""
    if not shape.is_valid:
        shape = shapely.make_valid(shape)
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon" and part.area > 0])


def fitted(shapes: Sequence[shapely.MultiPolygon], budget: int = BUDGET) -> tuple[list[str], int, float]:
    """The shapes as GeoJSON geometries (compact text, 4 decimals, outer rings clockwise as maps here draw them).

    Also the characters that they took unsimplified, and the tolerance in degrees at which they fit the budget
    together: 0 where nothing was simplified, the last of TOLERANCES where they do not fit even then.
    """
    texts = _texts(shapes)
    before, tolerance = _size(texts), 0.0
    for tolerance in TOLERANCES if before > budget else ():
        # From the step before, not from the beginning: each step is quick and takes only more away.
        shapes = _simplified(shapes, tolerance)
        texts = _texts(shapes)
        if _size(texts) <= budget:
            break
    return texts, before, tolerance


def _size(texts: list[str]) -> int:
    return sum(len(text) for text in texts)


def _simplified(shapes: Sequence[shapely.MultiPolygon], tolerance: float) -> list[shapely.MultiPolygon]:
    """Borders simplified once for both sides, and islands smaller than the tolerance's square left out."""
    simpler = [mended(shape) for shape in shapely.coverage_simplify(np.array(shapes), tolerance)]
    return [_without_specks(after, tolerance) or before for after, before in zip(simpler, shapes, strict=True)]


def _without_specks(shape: shapely.MultiPolygon, tolerance: float) -> shapely.MultiPolygon | None:
    parts = sorted(shape.geoms, key=lambda part: -part.area)
    return (
        shapely.MultiPolygon(parts[:1] + [part for part in parts[1:] if part.area >= tolerance**2]) if parts else None
    )


def _texts(shapes: Sequence[shapely.MultiPolygon]) -> list[str]:
    return [_text(shape) for shape in shapes]


def _text(shape: shapely.MultiPolygon) -> str:
    rounded = mended(shapely.transform(shape, lambda points: np.round(points, DECIMALS) + 0.0))
    drawn = shapely.orient_polygons(shape if rounded.is_empty else rounded, exterior_cw=True)
    rings = [[_positions(ring) for ring in (part.exterior, *part.interiors)] for part in drawn.geoms]
    return json.dumps({"type": "MultiPolygon", "coordinates": rings}, separators=(",", ":"))


def _positions(ring: shapely.LinearRing) -> list[list[float]]:
    positions: list[list[float]] = np.round(shapely.get_coordinates(ring), DECIMALS).tolist()
    return positions
