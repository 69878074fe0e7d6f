"""Disclosure control: the one way from a measured frame to a published one."""

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

# What a suppressed cell does not tell, nor what is worked out from it.
HIDDEN = ["value", "lower", "upper", "lower_998", "upper_998", "n", "d", "n_eff", "deff"]
LIMITS = {"lower": "upper", "lower_998": "upper_998"}
LEVELS = {"lower": 0.95, "lower_998": 0.998}


def publish(frame: pd.DataFrame, hidden: pd.Series | None = None) -> pd.DataFrame:
    """The frame with suppressed cells blanked and their symbol set to 'c'.

    frame: level, value, n, d, units, unit, denominator_counts, collected_from, fewest_people, fewest_units, symbol.
    hidden: True for the cells that were decided not to be shown when the summaries were made, together with all that
    they are parts of. A cell that may not be shown for its own sake is suppressed in any case. What is shown has coarse
    limits: see _coarse.
    """
    hide = needs_suppression(frame).to_numpy()
    if hidden is not None:
        hide = hide | (hidden.to_numpy() & frame["value"].notna().to_numpy())
    blank = {name: np.where(hide, np.nan, frame[name].to_numpy(dtype=float)) for name in HIDDEN if name in frame}
    symbol = np.where(hide, "c", frame["symbol"].to_numpy(dtype=object))
    return _coarse(frame.assign(**blank, symbol=symbol))


def _coarse(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with effective numbers cut, and limits that follow from what is left of them.

    An exact limit tells the sum of the squares behind it, and so which small figures a total hides. The effective
    number of a proportion, where it is not the denominator, is cut to two digits (below 10 to one), the standard error
    of a rate or £ raised to two; the limits are those of these numbers, so a little wider.
    """
    percent = (frame["unit"] == "percent").to_numpy()
    value = frame["value"].to_numpy(dtype=float)
    n_eff = frame["n_eff"].to_numpy(dtype=float) if "n_eff" in frame else np.full(len(frame), np.nan)
    d = frame["d"].to_numpy(dtype=float)
    cut = np.where(np.isclose(n_eff, d), n_eff, np.where(n_eff > 0, _down(n_eff), np.nan))
    made = {"n_eff": cut} if "n_eff" in frame else {}
    for low, high in LIMITS.items():
        if low not in frame:
            continue
        lower, upper = (frame[name].to_numpy(dtype=float).copy() for name in (low, high))
        of_share = percent & ~np.isnan(lower) & ~np.isnan(cut)
        if of_share.any():
            share, size = value[of_share] / 100, cut[of_share]
            limits = proportion_confint(share * size, size, alpha=1 - LEVELS[low], method="wilson")
            # At 0 and 1 rounding can leave a limit a hair on the wrong side of the value.
            lower[of_share] = 100 * np.minimum(limits[0], share)
            upper[of_share] = 100 * np.maximum(limits[1], share)
        other = ~percent & (upper > lower)
        z = norm.ppf(0.5 + LEVELS[low] / 2)
        half = z * _up((upper[other] - lower[other]) / (2 * z))
        lower[other], upper[other] = value[other] - half, value[other] + half
        made |= {low: lower, high: upper}
    return frame.assign(**made)


def _down(number: np.ndarray) -> np.ndarray:
    """Cut to two digits, below 10 to one: 4166 → 4100, 57.3 → 57, 7.7 → 7."""
    with np.errstate(divide="ignore", invalid="ignore"):
        place = 10.0 ** np.floor(np.log10(number) + 1e-12)
        step = np.where(number >= 10, place / 10, place)
        return np.floor(number / step + 1e-9) * step


def _up(number: np.ndarray) -> np.ndarray:
    """Raised to two digits: 0.0409 → 0.041."""
    step = 10.0 ** (np.floor(np.log10(number) + 1e-12) - 1)
    return np.ceil(number / step - 1e-9) * step


def needs_suppression(frame: pd.DataFrame) -> pd.Series:
    """True for the cells that may not be shown for their own sake."""
    return frame["value"].notna() & sensitive(
        frame["d"],
        frame["units"].where(frame["units"] > 0),
        frame["denominator_counts"] == "people",
        (frame["level"] != "school") & (frame["collected_from"] == "school"),
        frame["fewest_people"],
        frame["fewest_units"],
    )


def sensitive(d, units, of_people, of_schools, fewest_people, fewest_units):  # type: ignore[no-untyped-def]
    """True where a figure is about too few people, or rests on too few schools; arrays or series, alike in length."""
    return (of_people & (d < fewest_people)) | (of_schools & (units < fewest_units))
