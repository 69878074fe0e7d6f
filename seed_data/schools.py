"""An invented school register: about 15 schools in each local authority, named so that no one takes them for real."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

# Two authorities have hardly any school in life, too: their figures must be suppressed.
TINY = {"201": 1, "420": 1}
PHASES = ("primary", "secondary", "special")
MEDIAN_STAFF = {"primary": 34, "secondary": 105, "special": 48}
FIRST_URN = 9_000_001  # seven digits: real ones have six
CLUSTER_SIZE = 5


@dataclass(frozen=True)
class Register:
    """schools (urn, name, la_code, phase, laestab, longitude, latitude, headcount), clusters and memberships."""

    schools: pd.DataFrame
    clusters: pd.DataFrame
    memberships: pd.DataFrame


def invent(authorities: pd.DataFrame, total: int, seed: int = 2009) -> Register:
    """A register of about `total` schools over the authorities; same seed, same schools."""
    rng = np.random.default_rng(seed)
    weights = rng.gamma(9, size=len(authorities))
    tiny = authorities["code"].isin(list(TINY)).to_numpy()
    weights[tiny] = 0
    counts = np.maximum(6, np.round(weights / weights.sum() * (total - len(TINY)))).astype(int)
    counts[tiny] = [TINY[code] for code in authorities.loc[tiny, "code"]]
    schools = authorities.loc[authorities.index.repeat(counts)].reset_index(drop=True)
    number = schools.groupby("code").cumcount() + 1
    # Every third-from-last school or so is not a primary: 15 % secondary, 5 % special, and at least one of each in six.
    turn = (number % 20).to_numpy()
    phase = np.select([np.isin(turn, (2, 9, 15)), turn == 5], ["secondary", "special"], "primary")
    phase[schools["code"].isin(list(TINY))] = "primary"
    median = pd.Series(phase).map(MEDIAN_STAFF).to_numpy()
    headcount = np.maximum(6, np.round(median * np.exp(rng.normal(0, 0.45, len(schools))))).astype(int)
    made = pd.DataFrame(
        {
            "urn": (FIRST_URN + np.arange(len(schools))).astype(str),
            "name": [f"Example {kind} {n}, {la}" for kind, n, la in zip(phase, number, schools["name"], strict=True)],
            "la_code": schools["code"],
            "phase": phase,
            "laestab": [f"{code}{9000 + n % 1000}" for code, n in zip(schools["code"], number, strict=True)],
            "longitude": (schools["longitude"] + rng.normal(0, 0.02, len(schools))).round(4),
            "latitude": (schools["latitude"] + rng.normal(0, 0.015, len(schools))).round(4),
            "headcount": headcount,
        }
    )
    cluster = made["la_code"] + "-" + ((number - 1) // CLUSTER_SIZE + 1).astype(str).str.zfill(2)
    member = rng.random(len(made)) < 0.6
    memberships = pd.DataFrame({"cluster_code": cluster[member], "school_urn": made["urn"][member]})
    names = dict(
        zip(
            cluster,
            [f"Example cluster {c.split('-')[1]}, {la}" for c, la in zip(cluster, schools["name"], strict=True)],
            strict=True,
        )
    )
    codes = sorted(memberships["cluster_code"].unique())
    clusters = pd.DataFrame(
        {"code": codes, "name": [names[code] for code in codes], "la_code": [code[:3] for code in codes]}
    )
    return Register(made, clusters, memberships)
