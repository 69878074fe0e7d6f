"""Value and clustered interval of a ratio, from additive sums alone, whatever the number of schools behind it.

Sources: Wilson 1927 (score interval); Korn & Graubard 1998 (effective sample size); Cochran 1977 ch. 6 (ratio
estimator).
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

SCALE = {"percent": 100.0, "rate": 1.0, "gbp": 1.0}


def scale_of(unit: pd.Series) -> np.ndarray:
    """What a ratio is multiplied by to be in its unit: SCALE, for each row."""
    number, names = pd.factorize(unit)
    return np.array([SCALE[name] for name in names], dtype=float)[number]


def with_interval(
    sums: pd.DataFrame, level: float = 0.95, further: Mapping[str, float] = MappingProxyType({})
) -> pd.DataFrame:
    """The sums with value, lower, upper (scaled: percent 0 to 100), n_eff and deff.

    sums: units (k), n, d, nn, nd, dd, and unit ('percent' | 'rate' | 'gbp'). A proportion has a Wilson interval on its
    effective counts; a rate or £ has R ± z·√v and none where one unit reported. All NaN where nothing was reported, and
    where the counts cannot be: a numerator or denominator below 0, or a proportion's numerator above its denominator.
    n_eff and deff are NaN for rates and £. further: other levels by suffix; {"_998": 0.998} adds lower_998, upper_998.
    """
    k, n, d = (sums[name].to_numpy(dtype=float) for name in ("units", "n", "d"))
    nn, nd, dd = (sums[name].to_numpy(dtype=float) for name in ("nn", "nd", "dd"))
    unit = sums["unit"].to_numpy()
    scale = scale_of(sums["unit"])
    with np.errstate(divide="ignore", invalid="ignore"):
        reported = (k >= 1) & (d > 0) & (n >= 0) & np.isfinite(n) & np.isfinite(d) & ~((unit == "percent") & (n > d))
        ratio = np.where(reported, n / d, np.nan)
        spread = nn - 2 * ratio * nd + ratio**2 * dd
        # Rounding can leave a spread of zero a hair below it.
        v = np.where(k >= 2, k / (k - 1) * np.maximum(spread, 0) / d**2, np.nan)
        binomial = ratio * (1 - ratio) / d
        deff = np.where(k >= 2, np.maximum(1, v / binomial), 1.0)
        extreme = (ratio == 0) | (ratio == 1)
        n_eff = np.where(extreme & (k >= 2), np.minimum(d, k), d / np.where(extreme, 1.0, deff))
        deff = d / n_eff
    proportion = reported & (unit == "percent")
    other = reported & (unit != "percent") & (k >= 2)
    limits: dict[str, np.ndarray] = {}
    for suffix, of in {"": level, **further}.items():
        lower, upper = np.full(len(sums), np.nan), np.full(len(sums), np.nan)
        if proportion.any():
            count = ratio[proportion] * n_eff[proportion]
            low, high = proportion_confint(count, n_eff[proportion], alpha=1 - of, method="wilson")
            # At 0 and 1 rounding can leave a limit a hair on the wrong side of the value.
            lower[proportion] = np.minimum(low, ratio[proportion])
            upper[proportion] = np.maximum(high, ratio[proportion])
        half = norm.ppf(0.5 + of / 2) * np.sqrt(v[other])
        lower[other], upper[other] = ratio[other] - half, ratio[other] + half
        limits |= {f"lower{suffix}": lower * scale, f"upper{suffix}": upper * scale}
    return sums.assign(
        value=np.where(reported, scale * n, np.nan) / np.where(reported, d, np.nan),  # 57 of 100 are 57, not 56.99…
        n_eff=np.where(proportion, n_eff, np.nan),
        deff=np.where(proportion, deff, np.nan),
        **limits,
    )
