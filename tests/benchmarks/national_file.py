"""Files of schools' figures in the EES layout, as large as asked, written fast: for measuring imports only."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
from sqlalchemy import Engine, select

from data_access import bulk, schema
from data_access.engine import reading
from data_access.files.mapping import Mapping

TERMS = ["Autumn term", "Spring term", "Summer term"]
SOURCE = "Written by the benchmark"


def mapping(groups: list[str]) -> Mapping:
    """The mapping of such a file; it brings its own indicator."""
    define = {
        "code": "bench_take_up", "short_title": "Take-up", "title": "Take-up", "why_it_matters": "For measuring.",
        "numerator": "Staff who took part", "denominator": "Staff", "denominator_counts": "people", "unit": "percent",
        "better": "higher", "collected_from": "school", "evidence_kind": "survey", "frequency": "term",
        "staff_groups": groups, "caveats": "Invented.",
    }  # fmt: skip
    return Mapping.model_validate(
        {
            "data_set": "bench", "source": SOURCE, "licence": "None", "kind": "illustrative",
            "filters": {"staff_group": {"role": "staff_group", "values": {group: group for group in groups}}},
            "indicators": [{"indicator": "bench_take_up", "numerator": "n", "denominator": "d", "define": define}],
        }
    )  # fmt: skip


def leaves(engine: Engine) -> list[str]:
    """The staff groups without parts."""
    g = schema.staff_group.c
    with reading(engine) as connection:
        groups = bulk.frame(connection, select(g.code, g.parent).order_by(g.position))
    return groups.loc[~groups["code"].isin(groups["parent"]), "code"].tolist()


def write(engine: Engine, file: Path, terms: int, *, la_code: str | None = None, seed: int = 1) -> int:
    """A row for every school (of one authority, if given), term and leaf of the staff tree; returns how many."""
    s = schema.school.c
    query = select(s.urn, s.laestab, s.name).order_by(s.urn)
    with reading(engine) as connection:
        schools = bulk.frame(connection, query if la_code is None else query.where(s.la_code == la_code))
    groups, count, random = leaves(engine), len(schools), np.random.default_rng(seed)
    one = schools.loc[schools.index.repeat(len(groups))].reset_index(drop=True)
    fixed = pd.DataFrame(
        {
            "geographic_level": "School", "country_code": "E92000001", "country_name": "England",
            "school_urn": one["urn"], "school_laestab": one["laestab"].fillna(""), "school_name": one["name"],
            "staff_group": np.tile(groups, count),
        }
    )  # fmt: skip
    with file.open("wb") as out:
        for term in range(terms):
            start = 2000 + term // 3
            d = random.integers(1, 60, len(fixed))
            frame = fixed.assign(n=random.binomial(d, 0.6), d=d)
            frame.insert(0, "time_identifier", TERMS[term % 3])
            frame.insert(0, "time_period", f"{start}{(start + 1) % 100:02d}")
            options = pa_csv.WriteOptions(include_header=term == 0, quoting_style="needed")
            pa_csv.write_csv(pa.Table.from_pandas(frame, preserve_index=False), out, options)
    return terms * len(fixed)
