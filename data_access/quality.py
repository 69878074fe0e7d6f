"""Checks of what came in: what was taken, but should be looked at; kept with the import.

What cannot be right refuses the whole file before anything is written (files.tidy), so no import has findings of
severity 'error': a percentage's numerator above its denominator, a count below zero, two rows for the same figure,
cells that are neither number nor symbol, unknown places and periods. What is found here is a 'warning' (probably a
mistake) or a 'note' (good to know). Rows never show what is suppressed elsewhere: such numbers are left out, with the
symbol c, and so are single schools' figures.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO

import numpy as np
import pandas as pd
from sqlalchemy import Connection, func, insert, select

from data_access import bulk, queries
from data_access.files.tidy import LEVELS, Tidied
from data_access.pooled import about_indicators, baselines, pairs_of, pooled
from data_access.places import ENGLAND_CODE
from data_access.schema import quality_check, school, target
from measures import checks as find
from measures import words
from measures.intervals import SCALE

KEPT_ROWS = 1000
DO = "Check with the source, or undo the import."
PLACE = ["area_code", "area", "indicator", "period"]


@dataclass(frozen=True)
class Check:
    """One finding: its code, severity ('error' | 'warning' | 'note'), a sentence and the rows behind it.

    count: how many rows there are; of many only the first 1,000 are held.
    """

    check: str
    severity: str
    sentence: str
    rows: pd.DataFrame
    count: int
