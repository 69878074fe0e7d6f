"""Each authority's statistical neighbours: those of an imported table, else the nearest by the context variables."""

import pandas as pd
from sqlalchemy import Connection, select

from data_access import bulk, queries, versions
from data_access.schema import context, context_variable, import_, local_authority, neighbour
from measures.neighbours import nearest
from measures.thresholds import OVERALL, resolve
from measures.words import joined

COLUMNS = ["la_code", "neighbour_code", "neighbour", "rank", "closeness", "basis", "basis_words"]
EVERY = 1000  # more than there are authorities


def neighbours(connection: Connection, as_at: int | None = None) -> pd.DataFrame:
    """The neighbours of every authority, by la_code and rank; as_at: an earlier data version, None: now.

    An authority with an imported set has that set, whole; any other the nearest that measures.neighbours finds, as
    many as the threshold says; one without context variables none, and so no rows.

    Columns: la_code, neighbour_code, neighbour (name), rank (1 is closest), closeness (text: words where computed, the
    number as given where imported, None where none was given), basis ('imported' | 'computed'), basis_words (one plain
    sentence: where the set comes from, and whether that is published or illustrative).
    """
    imported, computed = _imported(connection, as_at), _computed(connection, as_at)
    sets = [imported, computed[~computed["la_code"].isin(imported["la_code"])]]
    rows = pd.concat([rows for rows in sets if not rows.empty] or sets)
    names = dict(connection.execute(select(local_authority.c.code, local_authority.c.name)).all())
    rows = rows.assign(neighbour=rows["neighbour_code"].map(names)).sort_values(["la_code", "rank"], ignore_index=True)
    return rows[COLUMNS]


def similar(connection: Connection, as_at: int | None = None) -> pd.DataFrame:
    """All other authorities in order of how much they are like each, by context alone, whatever was imported.

    Columns: la_code, neighbour_code, rank (1 is most alike), basis_words (as in neighbours). An authority without
    context variables has no rows.
    """
    return _computed(connection, as_at, EVERY)[["la_code", "neighbour_code", "rank", "basis_words"]]


def _imported(connection: Connection, as_at: int | None) -> pd.DataFrame:
    n, i = versions.table(neighbour, as_at), import_.c
    query = select(n.c.la_code, n.c.neighbour_code, n.c.rank, n.c.closeness, i.file_name, i.kind, i.source)
    rows = bulk.frame(connection, query.outerjoin_from(n, import_, i.id == n.c.import_id)).astype({"rank": int})
    words = "Imported from " + rows["file_name"] + " (" + rows["kind"] + "); source: " + rows["source"] + "."
    closeness = [None if pd.isna(given) else f"{given:.15g}" for given in rows["closeness"]]
    return rows.assign(
        closeness=pd.Series(closeness, index=rows.index, dtype=object),
        basis="imported",
        basis_words=words.fillna("Not imported: the database was filled with them."),
    )


def _computed(connection: Connection, as_at: int | None, count: int | None = None) -> pd.DataFrame:
    """The nearest `count` by context; None: as many as the threshold says."""
    c = versions.table(context, as_at).c
    values = bulk.frame(connection, select(c.la_code, c.variable, c.value))
    about = bulk.frame(connection, select(context_variable).order_by(context_variable.c.position))
    if count is None:
        count = int(resolve(queries.thresholds(connection, as_at), [OVERALL])["neighbours"].item())
    found = nearest(values, count)
    words = _computed_from(about[about["code"].isin(values["variable"])])
    return found.assign(closeness=found["closeness"].astype(object), basis="computed", basis_words=words)


def _computed_from(variables: pd.DataFrame) -> str:
    """'Computed from 9 illustrative context variables; source: …' from what the table of variables says of them."""
    kinds = joined([f"{count} {kind}" for kind, count in variables["kind"].value_counts(sort=False).items()])
    noun = "variable" if len(variables) == 1 else "variables"
    return f"Computed from {kinds} context {noun}; source: {'; '.join(variables['source'].unique())}."
