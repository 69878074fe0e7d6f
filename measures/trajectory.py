"""The value expected at the end of a period: on the stored points where someone set them, else on the straight line."""

from collections.abc import Sequence

import numpy as np


def expected(
    baseline: np.ndarray,
    position: np.ndarray,
    baseline_position: float,
    points: Sequence[tuple[float, float]],
    better: str | None,
) -> np.ndarray:
    """The trajectory's value for each row, at `position` (years, as period.position), from its own baseline.

    points: (position, value) shared by the rows; the last is the target, those before it are stored by someone.
    A baseline that already beats the target stays where it is, unless stored points say otherwise. NaN without a
    baseline, a target or a direction. The line is flat after the target's period, and before the baseline's.
    """
    if not points or better not in ("higher", "lower"):
        return np.full(len(baseline), np.nan)
    ordered = sorted(points)
    (first, value), last = ordered[0], ordered[-1][1]
    length = first - baseline_position
    way = np.clip((position - baseline_position) / length, 0, 1) if length > 0 else np.ones(len(baseline))
    onwards = np.interp(position, [x for x, _ in ordered], [y for _, y in ordered])
    line = np.where(position <= first, baseline * (1 - way) + value * way, onwards)
    if len(ordered) == 1:
        line = np.where(beats(baseline, last, better), baseline, line)
    return np.where(np.isnan(baseline), np.nan, line)


def beats(value: np.ndarray, target: float | np.ndarray, better: str) -> np.ndarray:
    """True where the value is as good as the target or better."""
    return value >= target if better == "higher" else value <= target
