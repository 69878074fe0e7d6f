"""Disclosure control: the one way from a measured frame to a published one."""

import pandas as pd

# What a suppressed cell does not tell, nor what is worked out from it.
HIDDEN = ["value", "lower", "upper", "lower_998", "upper_998", "n", "d", "n_eff", "deff"]
GROUP = ["indicator", "period", "staff_group", "phase", "parent"]


def publish(frame: pd.DataFrame, hidden: pd.Series | None = None) -> pd.DataFrame:
    """The frame with suppressed cells blanked and their symbol set to 'c'.

    frame: level, indicator, period, staff_group, phase, parent (the area that this one is a part of), value, n, d,
    units, denominator_counts, collected_from, fewest_people, fewest_units, symbol, published_rate. hidden: True for the
    cells that were decided not to be shown when the summaries were made, together with all that they are parts of. A
    cell that may not be shown for its own sake is suppressed in any case. Of rates that others published for areas the
    smallest but one goes, too, where the total would give a suppressed one away.
    """
    hide = needs_suppression(frame)
    if hidden is not None:
        hide |= hidden & frame["value"].notna()
    if "published_rate" in frame and frame["published_rate"].any():
        given = frame[frame["published_rate"]]
        hide.loc[given.index] |= partners(given, hide[given.index], GROUP)
    made = frame.copy()
    for column in HIDDEN:
        if column in made:
            made[column] = made[column].astype(float).mask(hide)
    made.loc[hide, "symbol"] = "c"
    return made


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
