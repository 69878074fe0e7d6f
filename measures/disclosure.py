"""Disclosure control: the one way from a measured frame to a published one."""

import pandas as pd

HIDDEN = ["value", "lower", "upper", "n", "d", "n_eff", "deff"]
FEW_SCHOOLS = 2
GROUP = ["indicator", "period", "staff_group", "phase", "parent"]


def publish(frame: pd.DataFrame, beside: pd.Series | None = None) -> pd.DataFrame:
    """The frame with suppressed cells blanked and their symbol set to 'c'.

    frame: level, indicator, period, staff_group, phase, parent (the area that this one is a part of), value, n, d,
    units, denominator_counts, fewest_people, collected_from, symbol. A cell is suppressed when its denominator
    counts people and is below the indicator's threshold, or when it rests on one or two schools above school level;
    and where exactly one part of a total is suppressed, the next smallest part is, too, since the total would give the
    first away. beside: True for cells that must go for the sake of a part that the frame does not hold.
    """
    first = needs_suppression(frame)
    if beside is not None:
        first |= beside & frame["value"].notna()
    hide = first | partners(frame, first, GROUP)
    made = frame.copy()
    for column in HIDDEN:
        if column in made:
            made[column] = made[column].astype(float).mask(hide)
    made.loc[hide, "symbol"] = "c"
    return made


def needs_suppression(frame: pd.DataFrame) -> pd.Series:
    """True for the cells that may not be shown for their own sake."""
    there = frame["value"].notna()
    few_people = (frame["denominator_counts"] == "people") & (frame["d"] < frame["fewest_people"])
    few_schools = (
        (frame["level"] != "school") & (frame["collected_from"] == "school") & frame["units"].between(1, FEW_SCHOOLS)
    )
    return there & (few_people | few_schools)


def partners(frame: pd.DataFrame, first: pd.Series, total: list[str]) -> pd.Series:
    """Where one part alone is suppressed within its total, the smallest other part that was going to be shown.

    total: the columns that the parts of one total share.
    """
    hide = pd.Series(False, index=frame.index)
    candidates = frame[frame["value"].notna()]
    if not first.any():
        return hide
    alone = first[candidates.index].groupby([candidates[name] for name in total], observed=True).transform("sum") == 1
    shown = candidates[alone & ~first[candidates.index] & (candidates["level"] != "school")]
    # Of equals always the same one: another choice in another file would give both away.
    ties = [name for name in ("area_code", "staff_group", "phase") if name in shown]
    smallest = shown.sort_values(["d", *ties], kind="stable").groupby(total, observed=True).head(1)
    hide[smallest.index] = True
    return hide
