"""Status against the trajectory, progress towards the target, and how a priority is summed up."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from measures.thresholds import THRESHOLDS, shown
from measures.words import STATUS_ORDER


def with_status(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with status, reason and progress.

    frame: value, lower, upper, expected, baseline, target, coverage, better, is_baseline (bool), missing (why a value
    is not there, or ''), all per row; units as the value's; minimum_coverage, a fraction per row, where it is not the
    usual one. Status words: measures.words.STATUS_WORDS. The reason says why there is no judgement, in words; ''
    otherwise. progress is a fraction of the way, not clipped.
    """
    value, expected = frame["value"].to_numpy(dtype=float), frame["expected"].to_numpy(dtype=float)
    lower, upper = frame["lower"].to_numpy(dtype=float), frame["upper"].to_numpy(dtype=float)
    sign = np.where(frame["better"].to_numpy() == "lower", -1.0, 1.0)
    usual = pd.Series(THRESHOLDS["minimum_coverage"].usual, frame.index)
    least = frame.get("minimum_coverage", usual)
    too_few = {share: f"coverage below {shown('minimum_coverage', share)}" for share in least.unique()}
    best = np.where(sign > 0, upper, -lower)  # the limit on the better side, mirrored for "lower is better"
    reason = np.select(
        [
            frame["missing"].to_numpy() != "",
            np.isnan(value),
            frame["is_baseline"].to_numpy(dtype=bool),
            pd.isna(frame["better"]).to_numpy(),
            np.isnan(frame["target"].to_numpy(dtype=float)),
            np.isnan(frame["baseline"].to_numpy(dtype=float)),
            np.isnan(expected),
            np.isnan(best),
            np.nan_to_num(frame["coverage"].to_numpy(dtype=float), nan=1.0) < least.to_numpy(dtype=float),
        ],
        [
            frame["missing"].to_numpy(dtype=object),
            "no figure",
            "baseline period",
            "no direction",
            "no target",
            "no baseline",
            "no expected value",
            "no interval",
            least.map(too_few).to_numpy(dtype=object),
        ],
        default="",
    )
    with np.errstate(invalid="ignore"):
        code = np.select([reason != "", sign * value >= sign * expected, best >= sign * expected], [0, 1, 2], default=3)
    status = pd.array(["none", "on_track", "at_risk", "off_track"], dtype="str").take(code)
    return frame.assign(status=status, reason=reason, progress=progress(value, frame["baseline"], frame["target"]))


def progress(value: np.ndarray, baseline: pd.Series, target: pd.Series) -> np.ndarray:
    """(value − baseline) / (target − baseline); NaN where target equals baseline or any is missing; never infinite."""
    start, goal = baseline.to_numpy(dtype=float), target.to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        way = (value - start) / (goal - start)
    return np.where(np.isfinite(way), way, np.nan)


@dataclass(frozen=True)
class Summary:
    """A priority in counts: how many of `total` indicators have each status; median progress of those not yet there."""

    total: int
    on_track: int
    at_risk: int
    off_track: int
    none: int
    median_progress: float

    @property
    def judged(self) -> int:
        """Indicators with a judgement."""
        return self.total - self.none


def summarise(rows: pd.DataFrame) -> Summary:
    """The summary of one priority's rows (status, progress, baseline, target, better), one row an indicator.

    An indicator whose baseline already beat its target has no way to go, so its progress is left out of the median.
    """
    counts = rows["status"].value_counts()
    started_beyond = np.where(
        rows["better"] == "lower", rows["baseline"] <= rows["target"], rows["baseline"] >= rows["target"]
    )
    way = rows.loc[~started_beyond & (rows["reason"] != "baseline period"), "progress"].dropna()
    return Summary(
        len(rows),
        **{status: int(counts.get(status, 0)) for status in STATUS_ORDER},
        median_progress=float(way.median()) if len(way) else float("nan"),
    )
