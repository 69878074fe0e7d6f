"""The invented context variables: whole, the same each time, plausible, and never to be taken for published ones."""

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from data_access import bulk, schema
from data_access.engine import reading
from seed_data import context, illustrative, reference


@pytest.fixture(scope="module")
def wide() -> pd.DataFrame:
    """A row an authority, a column a variable, and its kind."""
    authorities = reference.authorities()
    made = context.values(authorities, reference.context()).pivot(index="la_code", columns="variable", values="value")
    return made.assign(kind=pd.Series(context.kinds(authorities), index=authorities["code"]))


def test_the_variables_are_declared_with_title_and_unit() -> None:
    variables = reference.context()
    assert 8 <= len(variables) <= 10
    assert {variable["code"] for variable in variables} == set(context.USUAL)
    assert all(variable["title"] and variable["unit"] for variable in variables)


def test_every_authority_has_every_variable_the_same_each_time(wide: pd.DataFrame) -> None:
    assert wide.shape == (152, 11)
    assert not wide.isna().to_numpy().any()
    first, second = (context.values(reference.authorities(), reference.context()) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_the_values_are_possible(wide: pd.DataFrame) -> None:
    for variable in reference.context():
        values = wide[variable["code"]]
        assert (values >= 0).all(), variable["code"]
        assert values.nunique() > 5, variable["code"]
        if variable["unit"] == "%":
            assert values.max() <= 100, variable["code"]


def test_the_kinds_are_those_of_2009(wide: pd.DataFrame) -> None:
    assert wide["kind"].value_counts().to_dict() == {
        "inner London": 13,
        "outer London": 20,
        "metropolitan": 36,
        "urban unitary": 45,
        "rural unitary": 11,
        "county": 27,
    }
    assert set(context.RURAL_UNITARIES) == set(wide.index[wide["kind"] == "rural unitary"])


def test_kinds_differ_as_one_expects(wide: pd.DataFrame) -> None:
    middle = wide.groupby("kind").median()
    assert middle["population_density"].idxmax() == "inner London"
    assert middle["population_density"].idxmin() == "rural unitary"
    assert middle["rural"].nlargest(2).index.tolist() == ["rural unitary", "county"]
    for variable in ("additional_language", "minority_ethnic"):
        assert middle[variable].nlargest(2).index.tolist() == ["inner London", "outer London"]
    assert middle["pupils"].idxmax() == "county"
    assert middle["weekly_pay"].idxmax() == "inner London"
    assert wide.loc[["201", "420"], "pupils"].max() < 1000
    within = wide.drop(columns="kind") - wide.groupby("kind").transform("mean")
    assert within["free_school_meals"].corr(within["higher_managerial"]) < -0.5
    assert within["additional_language"].corr(within["minority_ethnic"]) > 0.5


def test_the_database_holds_them_as_illustrative(reader: Engine) -> None:
    with reading(reader) as connection:
        about = bulk.frame(connection, select(schema.context_variable).order_by(schema.context_variable.c.position))
        held = bulk.frame(connection, select(schema.context))
    assert about[["code", "title", "unit"]].to_dict("records") == reference.context()
    assert set(about["kind"]) == {"illustrative"}
    assert set(about["source"]) == {illustrative.SOURCE}
    assert set(held["from_version"]) == {1}
    made = context.values(reference.authorities(), reference.context())
    key = ["la_code", "variable"]
    pd.testing.assert_frame_equal(
        held[[*key, "value"]].sort_values(key, ignore_index=True), made.sort_values(key, ignore_index=True)
    )
