"""An authority's schools: every indicator in one pass against observations read by hand; the register."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine, delete, insert, text, update

from data_access import cells, queries, schema, schools, values, versions
from data_access.access import Viewer
from data_access.engine import current_version, get_engine, reading, writing
from data_access.errors import UnknownCode
from data_access.values import at_period, school_values
from data_access.withheld_schools import State, of_schools
from measures import response
from tests.conftest import sqlite_url

LA = "202"
KEYS = ["area_code", "indicator", "period"]


def by_hand(connection: Connection, group: str) -> dict[tuple[str, str, str], tuple[float, float]]:
    """(URN, indicator, period) → numerator and denominator of a staff group: what was given, else the sum below it."""
    children: dict[str, list[str]] = {}
    for code, parent in connection.execute(text("select code, parent from staff_group")):
        children.setdefault(parent, []).append(code)
    rows = connection.execute(
        text(
            "select unit_code, indicator, period, staff_group, numerator, denominator from observation "
            "where to_version is null and level = 'school' and numerator is not null "
            "and unit_code in (select urn from school where la_code = :la)"
        ),
        {"la": LA},
    )
    given: dict[tuple[str, str, str], dict[str, tuple[float, float]]] = {}
    for urn, indicator, period, staff, n, d in rows:
        given.setdefault((urn, indicator, period), {})[staff] = (n, d)

    def pooled(counts: dict[str, tuple[float, float]], node: str) -> tuple[float, float] | None:
        if node in counts:
            return counts[node]
        parts = [part for child in children.get(node, []) if (part := pooled(counts, child)) is not None]
        return (sum(n for n, _ in parts), sum(d for _, d in parts)) if parts else None

    found = {key: pooled(counts, group) for key, counts in given.items()}
    return {key: pair for key, pair in found.items() if pair is not None and pair[1] > 0}


@pytest.mark.parametrize("group", ["all", "teachers", "support_staff"])
def test_figures_of_all_indicators_are_those_read_by_hand(reader: Engine, group: str) -> None:
    with reading(reader) as connection:
        frame = school_values(connection, None, la_code=LA, staff_group=group)
        hand = by_hand(connection, group)
        about = queries.indicators(connection).set_index("code")
        urns = set(schools.register(connection, LA)["urn"])
        phases = [values.area_values(connection, "la", staff_group=group, phase=phase) for phase in cells.PHASES]
    areas = pd.concat(phases).query("area_code == @LA and symbol == 'c'")
    protected = set(zip(areas["indicator"], areas["period"], strict=True))
    assert set(frame["indicator"]) == set(about.index[about["collected_from"] == "school"])
    assert set(frame["area_code"]) == urns
    assert not frame.duplicated(KEYS).any()
    shown = hidden = 0
    for row in frame.to_dict("records"):
        counts = hand.get((row["area_code"], row["indicator"], row["period"]))
        if counts is None:
            assert pd.isna(row["value"])
            assert row["symbol"] in ("x", "z")
            continue
        n, d = counts
        if row["symbol"] == "c":
            hidden += 1
            of_people = about.loc[row["indicator"], "denominator_counts"] == "people"
            assert of_people or (row["indicator"], row["period"]) in protected
            assert pd.isna([row[name] for name in ("value", "numerator", "denominator", "lower", "upper")]).all()
            continue
        shown += 1
        scale = 100 if row["unit"] == "percent" else 1
        assert (row["numerator"], row["denominator"], row["value"]) == (n, d, pytest.approx(scale * n / d))
        assert d >= 10 or about.loc[row["indicator"], "denominator_counts"] != "people"
    assert len(hand) == shown + hidden
    assert shown
    assert hidden or group != "support_staff"


@pytest.mark.parametrize(("group", "phase"), [("all", "all"), ("support_staff", "primary")])
def test_all_at_once_are_those_one_by_one(reader: Engine, group: str, phase: str) -> None:
    choice = {"la_code": LA, "staff_group": group, "phase": phase}
    with reading(reader) as connection:
        together = school_values(connection, None, **choice)
        codes = sorted(together["indicator"].unique())
        alone = pd.concat([school_values(connection, code, **choice) for code in codes], ignore_index=True)
        few = school_values(connection, codes[:2], **choice)
    order = ["area_code", "indicator", "period_position"]
    sorted_ = [frame.sort_values(order, ignore_index=True) for frame in (together, alone)]
    pd.testing.assert_frame_equal(*sorted_, check_dtype=False)
    assert set(few["indicator"]) == set(codes[:2])


def test_an_unknown_indicator_among_several_is_refused(reader: Engine) -> None:
    with reading(reader) as connection, pytest.raises(UnknownCode, match="nonsense"):
        school_values(connection, ["reviewed", "nonsense"], la_code=LA)


def test_what_is_not_collected_for_a_group_or_a_place_is_not_due(reader: Engine) -> None:
    with reading(reader) as connection:
        policy = school_values(connection, "inclusive_policy", la_code=LA, staff_group="teachers")
        elsewhere = school_values(connection, "clt_registered", la_code="383")
    assert set(policy["symbol"]) == {"z"}
    assert set(policy["reason"]) == {"not collected here"}
    assert elsewhere.empty


def test_a_school_owes_nothing_for_periods_in_which_it_was_not_open(engine: Engine) -> None:
    """What it reported all the same counts."""
    with writing(engine) as connection:
        urn, other = schools.register(connection, LA)["urn"].iloc[:2]
        o, s = schema.observation.c, schema.school.c
        connection.execute(delete(schema.observation).where(o.unit_code.in_([urn, other]), o.period == "2011/12"))
        connection.execute(update(schema.school).where(s.urn == urn).values(closed=date(2011, 8, 31)))
        connection.execute(update(schema.school).where(s.urn == other).values(opened=date(2010, 9, 1)))
        frame = school_values(connection, "inclusive_policy", la_code=LA).set_index(["area_code", "period"])
    assert frame.loc[(urn, "2011/12"), "symbol"] == "z"
    assert frame.loc[(urn, "2010/11"), "symbol"] != "z"
    assert frame.loc[(other, "2011/12"), "symbol"] == "x"
    assert frame.loc[(other, "2009/10"), "symbol"] != "x"


@pytest.mark.parametrize("period", ["2011/12", "2010/11 spring"])
def test_returns_are_counted_as_by_hand(reader: Engine, period: str) -> None:
    with reading(reader) as connection:
        about = queries.indicators(connection)
        frequency = about.set_index("code")["frequency"]
        rows = at_period(school_values(connection, None, la_code=LA), period, frequency)
        hand = set(by_hand(connection, "all"))
    counts = response.by_school(rows, about.set_index("code")["priority"]).set_index("area_code")
    mine = about[about["collected_from"] == "school"]
    answering = {
        row.code: period if " " in period or row.frequency == "year" else f"{period} summer"
        for row in mine.itertuples()
        if " " not in period or row.frequency == "term"
    }
    assert set(counts["due"]) == {len(answering)}
    for urn, row in counts.iterrows():
        assert row["received"] == sum((urn, code, of) in hand for code, of in answering.items())
    owed = response.missing(rows)
    assert len(owed) == (counts["due"] - counts["received"]).sum() > 0


def test_the_register_names_each_school_s_clusters(engine: Engine) -> None:
    with writing(engine) as connection:
        first, second, third = schools.register(connection, LA)["urn"].iloc[:3]
        m, c = schema.cluster_membership, schema.cluster
        connection.execute(delete(m).where(m.c.school_urn.in_([first, second, third])))
        connection.execute(insert(c), [{"code": f"x{n}", "name": f"Cluster {n}", "la_code": LA} for n in (1, 2)])
        joined = date(2009, 9, 1)
        for code, urn, left in (("x1", first, None), ("x2", first, None), ("x1", second, date(2011, 1, 1))):
            connection.execute(insert(m).values(cluster_code=code, school_urn=urn, joined=joined, left=left))
        connection.execute(update(schema.school).where(schema.school.c.urn == third).values(longitude=None))
        found = schools.register(connection, LA).set_index("urn")
    assert found.loc[[first, second, third], "cluster"].tolist() == ["Cluster 1 and Cluster 2", "", ""]
    assert pd.isna(found.loc[third, "longitude"])
    numbers = [int(name.split()[2].rstrip(",")) for name in found.loc[found["phase"] == "primary", "name"]]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("codes", [frozenset(), frozenset({"383"})])
def test_no_school_of_another_authority_is_named(reader: Engine, codes: frozenset[str]) -> None:
    with reading(reader) as connection:
        assert schools.register(connection, LA, viewer=Viewer(codes)).empty
        assert school_values(connection, None, la_code=LA, viewer=Viewer(codes)).empty
        own = schools.register(connection, "383", viewer=Viewer(codes))
        assert schools.register(connection, "' or 1=1 --").empty
    assert own.empty is not bool(codes)


def test_the_register_is_shown_as_it_stood(engine: Engine) -> None:
    with writing(engine) as connection:
        before = current_version(connection)
        there = schools.register(connection, LA)
        s = schema.school
        rows = pd.DataFrame(connection.execute(s.select().where(s.c.urn == there["urn"].iloc[0])).mappings().all())
        number = versions.next_version(connection, "renamed")
        renamed = rows.drop(columns=["import_id", "from_version"]).assign(name="Renamed")
        versions.change(connection, s, renamed, number, within=s.c.urn == there["urn"].iloc[0])
        assert "Renamed" in set(schools.register(connection, LA)["name"])
        pd.testing.assert_frame_equal(schools.register(connection, LA, as_at=before), there)


def test_which_school_is_hidden_beside_a_small_one_does_not_depend_on_the_order(reader: Engine) -> None:
    """Any of three alike would do: were it another one each time, what one hides the other would show."""
    urns = [f"900000{n}" for n in range(4)]
    cell = {"indicator": "reviewed", "period": "2011/12", "la_code": LA}
    sums = pd.DataFrame(
        {**cell, "area_code": urns, "staff_group": "all", "n": [3.0, 10.0, 10.0, 10.0], "d": [5.0, 20.0, 20.0, 20.0]}
    )
    register = pd.DataFrame({"urn": urns, "la_code": LA, "phase": "primary"})
    shown = pd.DataFrame([{**cell, "phase": phase, "staff_group": "all"} for phase in ("primary", "all")])
    with reading(reader) as connection:
        rules = {"reviewed": cells.about(queries.indicators(connection).set_index("code", drop=False).loc["reviewed"])}
    found = set()
    for seed in range(6):
        mixed = sums.sample(frac=1, random_state=seed)
        state = State(mixed, register.sample(frac=1, random_state=seed), shown, shown.iloc[:0], rules)
        hide = of_schools(state, {"all": None}, some=False)
        found.add(frozenset(mixed.loc[hide, "area_code"]))
    assert len(found) == 1
    (hidden,) = found
    assert urns[0] in hidden
    assert len(hidden) == 2


@pytest.mark.parametrize(("group", "start"), [("all", 0), ("teachers", 1)])
def test_schools_never_add_up_to_a_cell_that_protects_another(small_database: Path, group: str, start: int) -> None:
    """A figure of an authority that is hidden though it is about enough people and schools keeps one school hidden.

    Every other indicator for all, the others for teachers.
    """
    with reading(get_engine(sqlite_url(small_database))) as connection:
        about = queries.indicators(connection).set_index("code")
        figures = values.area_values(connection, "la", staff_group=group).set_index(
            ["indicator", "period", "area_code"]
        )
        some = Viewer(frozenset(queries.authorities(connection)["code"]))
        codes = about.index[about["collected_from"] == "school"][start::2]
        rows = values.school_values(connection, list(codes), staff_group=group, viewer=some)
        la_of = dict(connection.execute(text("select urn, la_code from school")).all())
    there = rows[rows["symbol"].isin(["", "c"])].assign(la=rows["area_code"].map(la_of), hidden=rows["symbol"] == "c")
    sums = there.groupby(["indicator", "period", "la"]).agg(
        d=("denominator", "sum"), hidden=("hidden", "sum"), units=("symbol", "size")
    )
    hidden = sums[figures["symbol"].reindex(sums.index).eq("c").to_numpy()]
    code = hidden.index.get_level_values("indicator")
    people = about.loc[code, "denominator_counts"].to_numpy() == "people"
    few = people & (hidden["d"].to_numpy() < about.loc[code, "fewest_people"].to_numpy())
    few |= hidden["units"].to_numpy() < about.loc[code, "fewest_units"].to_numpy()
    safe = hidden[~few]
    assert len(safe) > 10
    assert (safe["hidden"] > 0).all()


def test_no_school_is_worked_out_from_its_region(reader: Engine) -> None:
    """Region less the authorities that are shown, less all schools that are shown: never one hidden school alone."""
    with reading(reader) as connection:
        about = queries.indicators(connection)
        codes = about.query("collected_from == 'school' and denominator_counts == 'people'")["code"].tolist()
        areas = values.area_values(connection, "region", "la")
        rows = values.school_values(connection, codes, viewer=Viewer(None))
        la_of = dict(connection.execute(text("select urn, la_code from school")).all())
    areas = areas[areas["indicator"].isin(codes)]
    shown_regions = set(
        areas.query("level == 'region' and symbol == ''")[["indicator", "period", "area_code"]].itertuples(
            index=False, name=None
        )
    )
    hidden_las = areas.query("level == 'la' and symbol == 'c'")
    rows = rows.assign(la=rows["area_code"].map(la_of)).query("symbol == 'c'")
    left = rows.merge(
        hidden_las[["indicator", "period", "area_code", "region_code"]].rename(
            columns={"area_code": "la", "region_code": "of"}
        ),
        on=["indicator", "period", "la"],
    )
    alone = left.groupby(["indicator", "period", "of"]).size()
    found = [key for key in alone[alone == 1].index if key in shown_regions]
    assert found == []
