"""What partnerships changed and what stood in their way, counted: of one place, as on a day."""

from typing import Final

import pandas as pd

from measures.partnership_state import Register
from measures.partnership_words import CHALLENGE_STATES, CHALLENGES, IMPACT_RATINGS, IMPACTS_BY_LEVEL, LEVELS

TOO_SOON: Final = "pupils.too_soon"  # says that no impact can be known yet, however clear that is
LATER: Final = "later"
# The states on a day: the register keeps the one noted last, which may have been noted after that day.
STATES: Final = CHALLENGE_STATES | {LATER: "Noted only later"}
RATINGS: Final = list(IMPACT_RATINGS)  # worst first
MOST_NAMED: Final = 25  # partnerships that a matrix names; of more it counts the kinds


def columns_of(level: str | None) -> dict[str, str]:
    """The columns of a matrix: the levels, or the impacts of one level; code → words. Raises KeyError."""
    if level is None:
        return dict(LEVELS)
    return {f"{level}.{code}": said for code, said in IMPACTS_BY_LEVEL[level].items()}


def shown(codes: pd.Series, level: str | None) -> pd.Series:
    """Which impacts, by their codes, a matrix shows: those of a level, or of all levels without TOO_SOON."""
    there = [code != TOO_SOON if level is None else code.partition(".")[0] == level for code in codes]
    return pd.Series(there, index=codes.index, dtype=bool)


def ratings(register: Register, level: str | None) -> pd.DataFrame:
    """A row for each partnership and column that is rated: partnership, column, rating, of, kind.

    level: None for the levels, where the rating is the best of its impacts, of how many (`of`); TOO_SOON is none of
    them. Otherwise the impacts of that level, as they are rated.
    """
    noted = register.impacts[["partnership", "impact", "rating"]]
    noted = noted[shown(noted["impact"], level)]
    columns = [code.partition(".")[0] if level is None else code for code in noted["impact"]]
    noted = noted.assign(column=pd.Series(columns, index=noted.index, dtype=object))
    rank = noted["rating"].map({code: at for at, code in enumerate(RATINGS)}).astype(int)
    found = noted.assign(rank=rank).groupby(["partnership", "column"], sort=False)["rank"].agg(["max", "size"])
    found = found.reset_index()
    kinds = register.partnerships.set_index("code")["kind"]
    return pd.DataFrame(
        {
            "partnership": found["partnership"],
            "column": found["column"],
            "rating": [RATINGS[at] for at in found["max"]],
            "of": found["size"].astype(int),
            "kind": found["partnership"].map(kinds),
        }
    )


def by_kind(rated: pd.DataFrame) -> pd.DataFrame:
    """How many partnerships of a kind have each rating in a column: kind, column, RATINGS, rated (all of them)."""
    counts = pd.crosstab([rated["kind"], rated["column"]], rated["rating"]).reindex(columns=RATINGS, fill_value=0)
    return counts.assign(rated=counts.sum(axis=1)).reset_index()


def challenges(register: Register) -> pd.DataFrame:
    """How many partnerships that go on have a challenge in each state: index CHALLENGES in order, columns STATES."""
    going = register.partnerships.loc[register.partnerships["going"].astype(bool), "code"]
    noted = register.challenges[register.challenges["partnership"].isin(going)]
    later = (noted["noted_on"] > register.day) & (noted["state"] != "open")  # open then, if it is open still
    state = noted["state"].where(~later, LATER)
    counts = pd.crosstab(noted["challenge"], state)
    return counts.reindex(index=list(CHALLENGES), columns=list(STATES), fill_value=0).fillna(0).astype(int)
