"""What comes in last: a term that was not over, an authority that answered late, a few whose figures were put right.

The state before it is the one that the illustrative meeting that is over saw.
"""

from dataclasses import replace

import pandas as pd

from seed_data.illustrative import YEARS, DataSet

YEAR = f"{YEARS[-1]}{(YEARS[-1] + 1) % 100:02d}"
TERM = "inducted"  # the collection that holds it had no figures of the last term
CORRECTED = "inclusive_policy"  # counted too high at first
CORRECTING = ("370", "383", "815")  # of one region: its status turns when they are put right
ANSWERING_LATE = "931"  # in the collection that holds the corrected figures


def split(data_set: DataSet) -> tuple[DataSet, DataSet | None]:
    """A file as it came in first, and the small one that came in last; together they say what was drawn."""
    rows = data_set.rows
    if f"{TERM}_numerator" in rows:
        last = (rows["time_period"] == YEAR) & (rows["time_identifier"] == "Summer term")
        return replace(data_set, rows=rows[~last]), _later(data_set, rows[last])
    if f"{CORRECTED}_numerator" in rows:
        late = (rows["old_la_code"] == ANSWERING_LATE) & (rows["time_period"] == YEAR)
        wrong = rows["old_la_code"].isin(CORRECTING) & (rows["time_period"] == YEAR)
        return replace(data_set, rows=_too_high(rows, wrong)[~late]), _later(data_set, rows[late | wrong])
    return data_set, None


def _later(data_set: DataSet, rows: pd.DataFrame) -> DataSet:
    return replace(data_set, name=f"{data_set.name}_later", rows=rows)


def _too_high(rows: pd.DataFrame, wrong: pd.Series) -> pd.DataFrame:
    """The rows, with every school that answered counted in the wrong ones."""
    numerator, denominator = rows[f"{CORRECTED}_numerator"], rows[f"{CORRECTED}_denominator"]
    return rows.assign(**{f"{CORRECTED}_numerator": numerator.mask(wrong, denominator)})
