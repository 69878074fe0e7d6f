"""Where an outline lies, and how far to zoom so that it fits a frame."""

from collections.abc import Mapping
from itertools import pairwise
from math import atan, degrees, exp, log, log2, pi, radians, tan
from typing import Any

Bounds = tuple[float, float, float, float]


def fit(bounds: Bounds, width_px: int, height_px: int, padding_px: int = 16) -> tuple[float, float, float]:
    """Longitude, latitude and zoom that show the bounds whole (Web Mercator, 512 px for the world at zoom 0)."""
    west, south, east, north = bounds
    low, high = _mercator(south), _mercator(north)
    across = (width_px - 2 * padding_px) / (512 * (east - west) / 360)
    up = (height_px - 2 * padding_px) / (512 * (high - low) / (2 * pi))
    return (west + east) / 2, _latitude((low + high) / 2), log2(min(across, up))


def middle_of(feature: Mapping[str, Any]) -> tuple[float, float]:
    """Centre of gravity of the largest part of a feature: where its label goes."""

    def weighed(ring: list[list[float]]) -> tuple[float, float, float]:
        area = x = y = 0.0
        for (x0, y0), (x1, y1) in pairwise(ring):
            cross = x0 * y1 - x1 * y0
            area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
        return abs(area), x / (3 * area), y / (3 * area)

    _, x, y = max(weighed(ring) for ring in _rings(feature))
    return (x, y)


def _rings(feature: Mapping[str, Any]) -> list[list[list[float]]]:
    """Outer rings of a Polygon or MultiPolygon feature."""
    geometry = feature["geometry"]
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [polygon[0] for polygon in polygons]


def _mercator(latitude: float) -> float:
    return log(tan(pi / 4 + radians(latitude) / 2))


def _latitude(mercator: float) -> float:
    return degrees(2 * atan(exp(mercator)) - pi / 2)
