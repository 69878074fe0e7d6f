"""The page of roles and audit, as an administrator uses it."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import opened


def _table(at: AppTest, column: str) -> Any:
    return next(frame.value for frame in at.dataframe if column in frame.value.columns)


@pytest.mark.usefixtures("own_database")
def test_a_role_is_given_seen_and_taken() -> None:
    at = opened("access")
    assert "Nobody signs in here" in at.info[0].value
    at.text_input(key="role_give_name").input("Ann Admin")
    account = next(each for each in at.text_input if each.label.startswith("Account"))
    account.input("Officer@Example.org")
    role = next(each for each in at.selectbox if each.label == "Role")
    role.select_index(1)
    next(each for each in at.button if each.label == "Give it").click().run()
    assert "for one local authority" in at.error[0].value  # an officer of none
    next(each for each in at.selectbox if each.label.startswith("Local authority,")).select("202")
    next(each for each in at.button if each.label == "Give it").click().run()
    assert not at.error
    row = _table(at, "Role").iloc[0]
    assert tuple(row[["Account", "Role", "Given by"]]) == (
        "officer@example.org",
        "Local-authority officer, Camden",
        "Ann Admin",
    )
    latest = _table(at, "Did").iloc[0]
    assert (latest["Account"], latest["Did"]) == ("this machine", "gave a role")
    assert latest["About"].endswith("Gave officer@example.org the role la_officer:202")
    at.text_input(key="role_take_name").input("Ann Admin")
    next(each for each in at.button if each.label == "Take it").click().run()
    assert not at.error
    assert "0 accounts" in " ".join(each.value for each in at.subheader)


@pytest.mark.parametrize("account", ["", "x' or 1=1 --", "nobody@example.org"])
def test_the_audit_is_narrowed(account: str) -> None:
    at = opened("access")
    assert len(_table(at, "Did"))
    at.selectbox(key="audit_did").select("was refused")
    at.text_input(key="audit_account").input(account).run()
    assert not at.exception
    assert "The audit holds nothing of the kind." in [each.value for each in at.markdown]
