"""Invented context variables: what each authority is like apart from CPD, so that statistical neighbours can be found.

Deterministic. An authority starts from what is plausible for its kind, and two traits of its own, deprivation and
diversity, move all its variables together. None of it says anything about a real place.
"""

import numpy as np
import pandas as pd
from scipy.special import expit, logit

SEED = 2010
RURAL_UNITARIES = ("420", "811", "840", "857", "865", "884", "893", "896", "908", "921", "929")
TINY = {"201": 0.01, "420": 0.01, "857": 0.2}  # their pupils, as a share of what is usual for the kind
DEPRIVATION = {"E12000001": 0.5, "E12000002": 0.4, "E12000003": 0.3, "E12000005": 0.3, "E12000006": -0.3} | {
    "E12000008": -0.5,
    "E12000009": -0.2,
}
KINDS = ["inner London", "outer London", "metropolitan", "urban unitary", "rural unitary", "county"]
# Variable: usual value for each kind; what one standard deviation of deprivation, of diversity and of neither does to
# it, in logits for a percentage and in logarithms for others.
USUAL: dict[str, tuple[list[float], tuple[float, float, float]]] = {
    "free_school_meals": ([32, 19, 20, 16, 11, 11], (0.35, 0.1, 0.12)),
    "additional_language": ([47, 36, 11, 9, 3, 4], (0.1, 0.6, 0.2)),
    "minority_ethnic": ([66, 50, 18, 14, 5, 9], (0.05, 0.6, 0.2)),
    "sen_statements": ([2.9, 2.7, 2.6, 2.7, 2.7, 2.8], (0.05, 0.0, 0.15)),
    "higher_managerial": ([16, 12, 7, 9, 10, 11], (-0.3, 0.0, 0.12)),
    "owned_outright": ([14, 26, 27, 27, 36, 34], (-0.12, -0.15, 0.08)),
    "rural": ([0.1, 0.5, 4, 9, 60, 40], (-0.3, -0.2, 0.5)),
    "population_density": ([9500, 4800, 1900, 1600, 130, 270], (0.05, 0.15, 0.3)),
    "pupils": ([24000, 40000, 45000, 26000, 38000, 88000], (0.0, 0.1, 0.3)),
    "weekly_pay": ([640, 570, 470, 490, 460, 490], (-0.1, 0.0, 0.04)),
}


def kinds(authorities: pd.DataFrame) -> np.ndarray:
    """The kind of each authority, one of KINDS; from the official codes, which say what sort of council it is."""
    code, sort = authorities["code"], authorities["ons_code"].str[:3]
    return np.select(
        [(sort == "E09") & (code < "300"), sort == "E09", sort == "E08", sort == "E10", code.isin(RURAL_UNITARIES)],
        ["inner London", "outer London", "metropolitan", "county", "rural unitary"],
        default="urban unitary",
    )


def values(authorities: pd.DataFrame, variables: list[dict[str, str]]) -> pd.DataFrame:
    """The value of every variable for every authority: la_code, variable, value; the same each time.

    authorities, variables: as seed_data.reference has them.
    """
    rng = np.random.default_rng(SEED)
    las = len(authorities)
    kind = pd.Index(KINDS).get_indexer(kinds(authorities))
    deprivation = authorities["region_code"].map(DEPRIVATION).fillna(0).to_numpy() + rng.normal(0, 0.9, las)
    diversity = rng.normal(0, 1, las)
    made = []
    for variable in variables:
        usual, loads = USUAL[variable["code"]]
        moved = np.column_stack([deprivation, diversity, rng.normal(0, 1, las)]) @ np.array(loads)
        start = np.array(usual)[kind]
        if variable["unit"] == "%":
            value = (100 * expit(logit(start / 100) + moved)).round(1)
        else:
            small = authorities["code"].map(TINY).fillna(1).to_numpy() if variable["code"] == "pupils" else 1
            value = (start * np.exp(moved) * small).round()
        made.append(pd.DataFrame({"la_code": authorities["code"], "variable": variable["code"], "value": value}))
    return pd.concat(made, ignore_index=True)
