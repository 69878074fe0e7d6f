"""Accounts: what a provider's claims and our own table let them do, until when; and the audit that keeps it."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, delete, insert, select, text, update

from data_access import access, accounts, audit, evidence, meetings, provenance, schools, thresholds, undo
from data_access.access import RIGHTS, Right, Role, Viewer
from data_access.accounts import Claims
from data_access.engine import reading, writing
from data_access.errors import (
    ChangedMeanwhile,
    DataAccessError,
    DatabaseProblem,
    DatabaseUnreachable,
    NotAllowed,
    NotSignedIn,
    SettingWrong,
    UnknownCode,
)
from data_access.jobs import Job
from data_access.register_tables import account_role
from data_access.register_tables import audit as audit_table
from data_access.settings import settings
from data_access.values import school_values

NOW = int(time.time())
MEETING = {"title": "M", "held_on": date(2012, 1, 1), "place": "", "chair": ""}
SAID = {"sub": "1", "email": "Chair@Example.org", "iat": NOW, "exp": NOW + 3600}


@pytest.fixture
def signed_in(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A filled database of which a service with sign-in tells."""
    monkeypatch.setattr(settings(), "sign_in_provider", "https://provider.example/.well-known/openid-configuration")
    monkeypatch.setattr("data_access.accounts.get_engine", lambda: engine)
    monkeypatch.setattr("data_access.audit.get_engine", lambda: engine)
    monkeypatch.setattr(audit, "_lately", {})
    return engine


def as_role(*roles: str, account: str = "chair@example.org") -> access.Who:
    """Somebody whom the provider gives these roles."""
    said = Claims(account, NOW, NOW + 3600, roles)
    return lambda: accounts.viewer_of(said)


def audited(engine: Engine) -> list[tuple[str, str, str]]:
    """The audit's rows of those who signed in, oldest first: account, did, about."""
    with access.acting_as(access.SERVICE), reading(engine) as connection:
        found = audit.entries(connection)
    filled = found["account"] == audit.HERE
    return [(row.account, row.did, row.about) for row in found[~filled].iloc[::-1].itertuples()]


def test_claims_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read = accounts.claims_of(SAID | {"roles": ["editor", "la_officer:202"]})
    assert read == Claims("chair@example.org", NOW, NOW + 3600, ("editor", "la_officer:202"))
    assert accounts.claims_of(SAID | {"roles": "editor"}).roles == ("editor",)
    assert accounts.claims_of(SAID | {"roles": {"editor": True}}).roles == ()
    monkeypatch.setattr(settings(), "sign_in_hours", 0.5)
    assert accounts.claims_of(SAID).ends_at == NOW + 1800
    monkeypatch.setattr(settings(), "sign_in_account", "sub")
    assert accounts.claims_of(SAID | {"sub": " Chair "}).account == "Chair"  # a provider's "chair" is somebody else


@pytest.mark.parametrize(
    ("said", "account"),
    [("Chair@Example.ORG ", "chair@example.org"), ("stra\u00dfe@example.org", "stra\u00dfe@example.org")],
)
def test_an_address_is_the_same_in_small_and_capital_letters(said: str, account: str) -> None:
    for verified in ({"email_verified": True}, {"email_verified": "true"}, {}):
        assert accounts.claims_of(SAID | {"email": said} | verified).account == account


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_logged_in": False},
        {"sub": ""},
        {"email": ""},
        {"email": None},
        {"email": ["a@b.c"]},
        {"email": "x" * 121},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"iat": None},
        {"exp": "soon"},
    ],
)
def test_claims_that_name_nobody_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        accounts.claims_of(SAID | wrong)


def test_nobody_gets_in_unless_signed_in(signed_in: Engine) -> None:
    for door in (reading, writing):
        with pytest.raises(NotSignedIn), door(signed_in):
            pass
    ended = Claims("chair@example.org", NOW - 7200, NOW - 1, ("administrator",))
    with access.acting_as(lambda: accounts.viewer_of(ended)), pytest.raises(NotSignedIn, match="has ended"):
        access.viewer()


@pytest.mark.parametrize("said", [(), ("Chair",), ("la_officer:",), ("administrators",)])
def test_an_account_without_a_role_sees_nothing(signed_in: Engine, said: tuple[str, ...]) -> None:
    seen = access.acting_as(as_role(*said))
    if said == ("la_officer:",):  # an officer of no authority sees what a viewer sees
        with seen:
            assert access.viewer() == Viewer(frozenset(), frozenset({Right.read}), "chair@example.org")
        return
    with seen, pytest.raises(NotAllowed, match="has no role here"), reading(signed_in):
        pass


# What each role may do, of what there is to do: cell by cell.
DOES: dict[str, tuple[Right, Callable[[Engine], object]]] = {
    "load": (Right.load, lambda engine: thresholds.set_threshold(engine, "minimum_coverage", 0.6, by="x")),
    "undo": (Right.load, lambda engine: undo.undo(engine, 999_999, "x")),
    "edit": (Right.edit, lambda engine: meetings.plan_meeting(engine, MEETING, "x")),
    "evidence": (Right.edit, lambda engine: evidence.take_away(engine, "nothing", by="x", seen=0)),
    "role": (Right.administer, lambda engine: accounts.give(engine, "a@b.c", "viewer", None, by="x")),
    "sign out": (Right.administer, lambda engine: accounts.end_all(engine, "a@b.c")),
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_it_may_and_nothing_else(signed_in: Engine, role: Role) -> None:
    said = f"{role}:202" if role is Role.la_officer else role.value
    with access.acting_as(as_role(said)):
        with reading(signed_in) as connection:
            codes, own, other = (
                {str(area).rpartition(", ")[2] for area in school_values(connection, "reviewed", la_code=asked)["area"]}
                for asked in (None, "202", "383")
            )
        for name, (right, does) in DOES.items():
            try:
                does(signed_in)
                refused = False
            except DataAccessError as error:  # past the door, what was asked may make no sense
                refused = isinstance(error, NotAllowed)
            assert refused == (right not in RIGHTS[role]), (role, name)
    everyone = role in (Role.national_analyst, Role.administrator)
    assert (len(codes) > 100) == everyone
    assert own == ({"Camden"} if everyone or role is Role.la_officer else set())
    assert other == ({"Leeds"} if everyone else set())


def test_roles_of_our_own_table_count_at_once_and_no_longer(signed_in: Engine) -> None:
    someone = as_role(account="new@example.org")
    with access.acting_as(as_role("administrator")):
        assert accounts.give(signed_in, " New@Example.org ", "la_officer", "202", by="typed")
        assert not accounts.give(signed_in, "new@example.org", "la_officer", "202", by="typed")
        assert accounts.give(signed_in, "new@example.org", "editor", None, by="typed")
    assert someone() == Viewer(frozenset({"202"}), frozenset({Right.read, Right.edit}), "new@example.org")
    with access.acting_as(as_role("administrator")):
        with reading(signed_in) as connection:
            rows = accounts.roles(connection)
        assert set(rows["made_by"]) == {"chair@example.org"}  # not what was typed
        assert dict(zip(rows["role"], rows["la_code"], strict=True)) == {"la_officer": "202", "editor": None}
        for row in rows.itertuples():
            accounts.withdraw(signed_in, int(row.id), seen=int(row.seen), by="typed")
        with pytest.raises(ChangedMeanwhile):
            accounts.withdraw(signed_in, int(row.id), seen=int(row.seen), by="typed")
    assert someone() == Viewer(frozenset(), frozenset(), "new@example.org")


@pytest.mark.parametrize(
    ("account", "role", "la_code", "error"),
    [
        ("", "viewer", None, accounts.RoleRefused),
        ("x" * 121, "viewer", None, accounts.RoleRefused),
        ("a@b.c", "king", None, UnknownCode),
        ("a@b.c", "la_officer", None, accounts.RoleRefused),
        ("a@b.c", "editor", "202", accounts.RoleRefused),
        ("a@b.c", "la_officer", "999", UnknownCode),
        ("a@b.c", "la_officer", "' or 1=1", UnknownCode),
    ],
)
def test_roles_that_make_no_sense_are_refused(
    signed_in: Engine, account: str, role: str, la_code: str | None, error: type[Exception]
) -> None:
    with access.acting_as(as_role("administrator")), pytest.raises(error):
        accounts.give(signed_in, account, role, la_code, by="x")


def test_an_administrator_does_not_lock_the_door_from_outside(signed_in: Engine) -> None:
    with access.acting_as(as_role("administrator")):
        accounts.give(signed_in, "chair@example.org", "administrator", None, by="x")
        with reading(signed_in) as connection:
            row = accounts.roles(connection).iloc[0]
        with pytest.raises(accounts.RoleRefused, match="your own"):
            accounts.withdraw(signed_in, int(row["id"]), seen=int(row["seen"]), by="x")


def test_a_clock_that_jumps_ends_a_sign_in_and_nothing_else(signed_in: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    someone = as_role("viewer")
    for seconds, inside in ((0, True), (7200, False), (-86_400, True), (0, True)):
        monkeypatch.setattr("data_access.accounts.time.time", lambda seconds=seconds: NOW + seconds)
        with access.acting_as(someone):
            if inside:
                assert access.viewer().account == "chair@example.org"
            else:
                with pytest.raises(NotSignedIn):
                    access.viewer()


def test_who_signed_out_is_out_everywhere_until_the_next_sign_in(signed_in: Engine) -> None:
    first = Claims("chair@example.org", NOW - 60, NOW + 3600, ("viewer",))
    later = Claims("chair@example.org", NOW + 1, NOW + 3600, ("viewer",))
    accounts.came(first)
    accounts.came(first)
    accounts.sign_out(first.account, first.issued_at)
    with pytest.raises(NotSignedIn, match="signed out"):
        accounts.viewer_of(first)
    assert accounts.viewer_of(later).account == "chair@example.org"
    with access.acting_as(as_role("administrator", account="admin@example.org")):
        accounts.end_all(signed_in, "Chair@example.org")
    with pytest.raises(NotSignedIn):
        accounts.viewer_of(Claims("chair@example.org", NOW - 1, NOW + 3600, ("viewer",)))
    assert audited(signed_in) == [
        ("chair@example.org", "signed in", ""),
        ("chair@example.org", "signed out", ""),
        ("chair@example.org", "signed out", "by admin@example.org"),
    ]


def test_the_audit_says_who_did_what_and_who_was_refused(signed_in: Engine) -> None:
    with access.acting_as(as_role("national_analyst")):
        thresholds.set_threshold(signed_in, "minimum_coverage", 0.6, by="typed")
        audit.schools_left("schools of 202, API")
        for _ in range(3):
            with pytest.raises(NotAllowed):
                meetings.plan_meeting(signed_in, MEETING, "typed")
    with access.acting_as(as_role("la_officer:202")), pytest.raises(NotAllowed):
        access.viewer().check("203", "Greenwich")
    rows = [(did, about) for account, did, about in audited(signed_in) if account == "chair@example.org"]
    assert rows[0][0] == "set a threshold"
    assert rows[1:] == [
        ("exported schools", "schools of 202, API"),
        ("was refused", access.WHAT[Right.edit]),  # once, though tried three times
        ("was refused", "see the schools of 203"),
    ]


def written(engine: Engine) -> list[tuple[str, str, str]]:
    """The audit, once nothing waits any more."""
    until = time.monotonic() + 30
    while audit._waiting and time.monotonic() < until:
        time.sleep(0.05)
    assert not audit._waiting
    return audited(engine)


def test_the_audit_waits_for_no_import(signed_in: Engine) -> None:
    """What is done while another transaction writes, which has a row in the audit itself, is done soon and kept."""
    here = Claims("chair@example.org", NOW, NOW + 3600, ("national_analyst",))
    other = Claims("new@example.org", NOW, NOW + 3600, ("viewer",))
    began = time.monotonic()
    with access.acting_as(access.SERVICE), writing(signed_in) as connection:
        audit.write(connection, audit.Did.loaded, "import 1", account="loader@example.org")
        accounts.came(here)
        accounts.came(here)
        accounts.came(other)
        with access.acting_as(lambda: accounts.viewer_of(here)):
            audit.schools_left("schools of 202, API")
        with access.acting_as(lambda: accounts.viewer_of(other)), pytest.raises(NotAllowed):
            access.require(Right.administer)
        accounts.sign_out(here.account, here.issued_at)
        accounts.sign_out(here.account, here.issued_at - 60)
        with pytest.raises(NotSignedIn, match="signed out"):
            accounts.viewer_of(here)
        assert accounts.viewer_of(other).account == "new@example.org"
        assert time.monotonic() - began < 3
    rows = written(signed_in)
    assert sorted(rows) == sorted([
        ("loader@example.org", "loaded", "import 1"),
        ("chair@example.org", "signed in", ""),
        ("new@example.org", "signed in", ""),
        ("chair@example.org", "exported schools", "schools of 202, API"),
        ("new@example.org", "was refused", access.WHAT[Right.administer]),
        ("chair@example.org", "signed out", ""),
        ("chair@example.org", "signed out", ""),
    ])  # fmt: skip
    with pytest.raises(NotSignedIn, match="signed out"):
        accounts.viewer_of(here)


def test_many_write_into_the_audit_at_once(signed_in: Engine) -> None:
    """No two rows want the same number, whatever order their transactions end in."""
    faults: list[Exception] = []

    def some(number: int) -> None:
        try:
            for at in range(10):
                audit.keep(audit.Did.refused, f"{number}.{at}", account="a@b.c")
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=some, args=(number,)) for number in range(4)]
    with access.acting_as(access.SERVICE), writing(signed_in) as connection:
        audit.write(connection, audit.Did.loaded, "import 1", account="a@b.c")
        for thread in threads:
            thread.start()
        if signed_in.dialect.name == "postgresql":
            for thread in threads:
                thread.join(30)
        audit.write(connection, audit.Did.loaded, "import 2", account="a@b.c")
    for thread in threads:
        thread.join(30)
    about = [about for _, _, about in written(signed_in)]
    assert faults == []
    assert sorted(about) == sorted(["import 1", "import 2", *(f"{n}.{at}" for n in range(4) for at in range(10))])


def test_a_rolled_back_import_leaves_the_audit_going_on(signed_in: Engine) -> None:
    with access.acting_as(access.SERVICE):
        with writing(signed_in) as connection:
            audit.write(connection, audit.Did.loaded, "import 1", account="a@b.c")
            audit.keep(audit.Did.refused, "first", account="a@b.c")
            connection.rollback()
        audit.keep(audit.Did.refused, "second", account="a@b.c")
    assert written(signed_in) == [("a@b.c", "was refused", "first"), ("a@b.c", "was refused", "second")]


def test_a_sign_out_outlives_a_database_that_is_away(signed_in: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts here at once, and is written when the database is back; who takes schools away has to wait for that."""
    monkeypatch.setattr(audit, "REST", 0.05)
    away, write = threading.Event(), audit._write
    away.set()

    def failing(*given: Any) -> None:
        if away.is_set():
            raise DatabaseUnreachable("The database does not answer.", "Wait.")
        write(*given)

    monkeypatch.setattr(audit, "_write", failing)
    here = Claims("chair@example.org", NOW, NOW + 3600, ("national_analyst",))
    with access.acting_as(lambda: accounts.viewer_of(here)), pytest.raises(DatabaseUnreachable):
        audit.schools_left("schools of 202, API")
    accounts.sign_out(here.account, here.issued_at)
    accounts.sign_out(here.account, here.issued_at)
    with pytest.raises(NotSignedIn, match="signed out"):
        accounts.viewer_of(here)
    assert audited(signed_in) == []
    away.clear()
    assert written(signed_in) == [("chair@example.org", "signed out", "")]


def test_what_waits_is_bounded_and_what_is_lost_is_logged(
    signed_in: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if signed_in.dialect.name != "sqlite":
        pytest.skip("Elsewhere only sign-outs wait")
    monkeypatch.setattr(audit, "MOST", 2)
    monkeypatch.setattr(audit, "LATER", 0.1)
    with access.acting_as(access.SERVICE), writing(signed_in):
        for about in ("1", "2"):
            audit.keep(audit.Did.exported_schools, about, account="a@b.c")
        with pytest.raises(DatabaseProblem, match="the audit waits"):
            audit.keep(audit.Did.exported_schools, "3", account="a@b.c")
        accounts.sign_out("a@b.c", NOW)
        caplog.clear()
        with caplog.at_level(logging.ERROR, logger="cpd.audit"):
            audit._end()
        lost = [record.getMessage() for record in caplog.records if record.name == "cpd.audit"]
        assert len(lost) == 3
        assert all("Not written into the audit" in line and "a@b.c" in line for line in lost)
    assert [about for _, _, about in written(signed_in)] == ["1", "2", ""]


def test_an_address_of_a_school_of_others_is_refused_and_kept(signed_in: Engine) -> None:
    with access.acting_as(access.SERVICE), reading(signed_in) as connection:
        urn = str(connection.execute(text("select min(urn) from school where la_code = '383'")).scalar_one())
    with access.acting_as(as_role("la_officer:202")), reading(signed_in) as connection:
        with pytest.raises(NotAllowed, match="shown to its own officers only") as refused:
            provenance.provenance(connection, provenance.Cell("reviewed", urn, "2011/12"))
        with pytest.raises(NotAllowed):
            schools.authority_of(connection, urn)
    assert "Leeds" not in str(refused.value), "where a school is, is not told"
    assert written(signed_in) == [("chair@example.org", "was refused", "see the schools of 383")]


def test_nothing_changes_the_audit(signed_in: Engine) -> None:
    accounts.came(Claims("chair@example.org", NOW, NOW + 3600, ()))
    before = audited(signed_in)
    tampering = [update(audit_table).values(account="nobody"), delete(audit_table)]
    if signed_in.dialect.name == "postgresql":
        tampering.append(text("TRUNCATE audit"))
    for statement in tampering:
        with (
            access.acting_as(access.SERVICE),
            pytest.raises(DatabaseProblem),
            writing(signed_in) as connection,
        ):
            connection.execute(statement)
    assert audited(signed_in) == before


def test_only_an_administrator_reads_roles_and_audit(signed_in: Engine) -> None:
    for role in Role:
        with access.acting_as(as_role(role.value)), reading(signed_in) as connection:
            for read in (accounts.roles, audit.entries):
                if role is Role.administrator:
                    assert list(read(connection).columns)
                else:
                    with pytest.raises(NotAllowed):
                        read(connection)


def test_work_that_goes_on_alone_ends_with_the_right(signed_in: Engine) -> None:
    """An import that runs beside the page is its asker's: once their role is gone it writes nothing."""
    with access.acting_as(access.SERVICE), writing(signed_in) as connection:
        connection.execute(text("INSERT INTO edit VALUES (999999, '2012-01-01 00:00:00', 'x', 'x', 1)"))
        role = {"id": 1, "account": "a@b.c", "role": "national_analyst", "la_code": None, "from_edit": 999_999}
        connection.execute(insert(account_role).values(role))

    def work(_step: object) -> int:
        with access.acting_as(access.SERVICE), writing(signed_in) as connection:
            connection.execute(delete(account_role))
        with writing(signed_in, Right.load) as connection:
            connection.execute(delete(account_role))
        return 1

    with access.acting_as(as_role(account="a@b.c")):
        job = Job("Loading", work).start()
    assert job.wait(30)
    assert job.result is None
    assert isinstance(job.error, NotAllowed)


def test_nobody_gives_roles_for_later_where_nobody_signs_in(engine: Engine) -> None:
    """Else whoever reached an open service could have made themselves an administrator of the closed one."""
    with pytest.raises(NotAllowed, match="nobody is an administrator"):
        accounts.give(engine, "a@b.c", "administrator", None, by="x")
    with reading(engine) as connection:
        for read in (accounts.roles, audit.entries):
            with pytest.raises(NotAllowed, match="nobody is an administrator"):
                read(connection)
    with access.acting_as(access.everybody):  # a command
        assert accounts.give(engine, "a@b.c", "administrator", None, by="x")


def test_without_sign_in_all_may_all_and_the_audit_says_this_machine(engine: Engine) -> None:
    version = thresholds.set_threshold(engine, "minimum_coverage", 0.6, by="Ann")
    with reading(engine) as connection:
        latest = connection.execute(select(audit_table).order_by(audit_table.c.id.desc())).first()
    assert latest is not None
    assert (latest.account, latest.did) == (audit.HERE, "set a threshold")
    assert str(version) in latest.about


@pytest.mark.parametrize("name", ["sign_in_client", "sign_in_secret", "cookie_secret"])
def test_sign_in_that_is_half_configured_lets_nobody_in(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    whole = {
        "sign_in_provider": "https://p.example/.well-known/openid-configuration",
        "sign_in_client": "cpd",
        "sign_in_secret": SecretStr("secret"),
        "cookie_secret": SecretStr("x" * 32),
    }
    for each, value in whole.items():
        monkeypatch.setattr(settings(), each, value)
    accounts.check_settings()
    monkeypatch.setattr(settings(), name, SecretStr("") if name != "sign_in_client" else "")
    with pytest.raises(SettingWrong, match=f"CPD_{name.upper()}"):
        accounts.check_settings()
    with pytest.raises(NotSignedIn):
        access.viewer()
