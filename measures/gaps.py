"""Spread between areas, and the limits within which chance alone would keep them."""

import numpy as np
import pandas as pd
from scipy.stats import norm


def funnel_limits(p0: float, n: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limit, as fractions clipped to 0 to 1, around p0 for effective denominators n.

    p₀ ± z·√(p₀(1−p₀)/n), z = Φ⁻¹(0.5 + level/2). Source: Spiegelhalter 2005, funnel plots for comparing institutions.
    """
    half = norm.ppf(0.5 + level / 2) * np.sqrt(p0 * (1 - p0) / np.asarray(n, dtype=float))
    return np.clip(p0 - half, 0, 1), np.clip(p0 + half, 0, 1)


def best_and_worst(frame: pd.DataFrame, better: str) -> tuple[pd.Series, pd.Series] | None:
    """The rows with the best and the worst value; None where fewer than two areas have one."""
    there = frame.dropna(subset=["value"]).sort_values(["value", "area_code"], ascending=[better == "lower", True])
    return (there.iloc[0], there.iloc[-1]) if len(there) > 1 else None


def spread_90_10(values: pd.Series) -> float:
    """The 90th percentile minus the 10th, NaN where fewer than ten areas have a value."""
    there = values.dropna()
    return float(there.quantile(0.9) - there.quantile(0.1)) if len(there) >= 10 else float("nan")


def outside_limits(values: pd.Series, n_eff: pd.Series, p0: float, level: float) -> int:
    """How many areas (values in percent) lie outside the funnel's limits."""
    there = values.notna() & n_eff.notna()
    low, high = funnel_limits(p0, n_eff[there].to_numpy(), level)
    share = values[there].to_numpy() / 100
    return int(((share < low) | (share > high)).sum())
