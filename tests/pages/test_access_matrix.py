"""Who gets what, cell by cell: role by page, and role by level, format and address, as a signed-in browser asks."""

import json
import time
from collections.abc import Callable
from functools import cache
from itertools import product

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from data_access import access, accounts, audit
from data_access.engine import get_engine, reading, writing
from data_access.errors import DatabaseProblem, DatabaseUnreachable
from data_access.publish import published
from data_access.settings import PROJECT, settings
from exports.http import routes
from exports.tables import files as table_files
from exports.views import data
from pages.parts import filters, signed
from pages.parts.navigation import ADDRESSES
from pages.parts.sign_in import SignedIn, local
from tests.pages.conftest import SECRET

pytestmark = pytest.mark.usefixtures("signing_in")
ROLES = ["nobody", "no role", "viewer", "la_officer:202", "national_analyst", "editor", "administrator"]
IN = ROLES[2:]
ALL_SCHOOLS = {"national_analyst", "administrator"}
CAMDEN = ALL_SCHOOLS | {"la_officer:202"}


def said(role: str) -> dict[str, object]:
    """The claims of somebody with a role."""
    if role == "nobody":
        return {"is_logged_in": False}
    now = int(time.time())
    roles = [] if role == "no role" else [role]
    who = {"is_logged_in": True, "sub": role, "email": f"{role.partition(':')[0].replace(' ', '-')}@example.org"}
    return who | {"iat": now, "exp": now + 600, "roles": roles}


# Pages ---------------------------------------------------------------------------------------------------

CLOSED = {"access": {"administrator"}, "schools": CAMDEN}


def page_of(page: str, role: str, **address: str) -> AppTest:
    """A page on a cold start, as somebody with a role opens it."""
    at = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    if page:
        at._page_hash = calc_hash(page)
    for name, value in address.items():
        at.query_params[name] = value
    at.user = said(role)  # type: ignore[attr-defined]
    return at.run()


@pytest.mark.parametrize("page", sorted(ADDRESSES))
def test_each_page_for_each_role(page: str) -> None:
    for role in ROLES:
        at = page_of(page, role, la="Camden")
        assert not at.exception, (role, at.exception[0].message)
        errors = [error.value for error in at.error]
        if role in ("nobody", "no role"):
            assert [title.value for title in at.title] == ["CPD strategy dashboard"]
            assert [*at.get("vega_lite_chart"), *at.dataframe, *at.selectbox] == []
            assert [button.label.startswith("Sign in") for button in at.button] == [True]
            assert bool(errors) == (role == "no role")
        elif role in CLOSED.get(page, set(IN)):
            assert errors == [], role
            assert "Sign out" in [button.label for button in at.button]
        else:
            assert len(errors) == 1, role
            assert [*at.get("vega_lite_chart"), *at.dataframe] == [], role


@pytest.mark.parametrize(
    ("place", "may"), [({}, set(IN)), ({"la": "Camden"}, CAMDEN), ({"la": "Greenwich"}, ALL_SCHOOLS)]
)
def test_schools_of_each_place_for_each_role(place: dict[str, str], may: set[str]) -> None:
    for role in IN:
        at = page_of("schools", role, **place)
        assert bool(at.error) == (role not in may), role
        assert bool(at.dataframe) == (role in may), role
        assert bool(at.get("vega_lite_chart") or at.get("deck_gl_json_chart")) <= (role in may), role


@pytest.mark.parametrize("page", sorted(ADDRESSES))
def test_each_page_without_a_place_can_be_left_and_is_watched(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that stop early, and the one that is refused, too."""
    watched: list[str] = []
    monkeypatch.setattr(signed, "_watch", lambda: watched.append(page))
    at = page_of(page, "viewer")
    assert "Sign out" in [button.label for button in at.button]
    assert watched


def test_a_page_that_fails_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    watched: list[str] = []
    monkeypatch.setattr(signed, "_watch", lambda: watched.append("x"))
    for error in (DatabaseProblem("The database does not answer.", "Wait."), ValueError("a fault of ours")):
        with monkeypatch.context() as patch:
            patch.setattr(filters, "line", lambda *_a, error=error, **_k: (_ for _ in ()).throw(error))
            at = page_of("regions", "viewer")
        assert bool(at.exception) == isinstance(error, ValueError)
        assert "Sign out" in [button.label for button in at.button]
    assert len(watched) == 2


@pytest.mark.parametrize(
    ("page", "address", "may"),
    [
        ("data", {}, {"national_analyst", "administrator"}),
        ("evidence", {"sheet": "Register"}, {"editor", "administrator"}),
        ("partnerships", {"partnership_view": "Register"}, {"editor", "administrator"}),
    ],
)
def test_files_are_asked_for_from_those_who_may_bring_them_in(
    page: str, address: dict[str, str], may: set[str]
) -> None:
    for role in IN:
        at = page_of(page, role, **address)
        offered = [element.proto for element in at.get("file_uploader")]
        assert [each.disabled for each in offered] == [role not in may] * len(offered), role
        if page == "data":
            assert offered
            assert any("Nothing can be saved here" in each.value for each in at.info) == (role not in may)


# Everything else -----------------------------------------------------------------------------------------


@cache
def client() -> TestClient:
    """All that is answered beside the pages, behind the door."""
    app = Starlette(routes=routes(ADDRESSES), middleware=[Middleware(SignedIn, pages=ADDRESSES)])
    return TestClient(app, base_url="http://dashboard.example")


def cookie(role: str) -> dict[str, str]:
    """The cookie that Streamlit sets when somebody has signed in."""
    value = create_signed_value(SECRET, "_streamlit_user", json.dumps(said(role))).decode()
    return {"cookie": f"_streamlit_user={value}"}


LEVELS = {
    "england": set(IN),
    "region": set(IN),
    "la": set(IN),
    "school&la=Camden": CAMDEN,
    "school&la=Greenwich": ALL_SCHOOLS,
}
CELLS = {
    f"/api/v1/values.{kind}?indicator=reviewed&period=2011/12&level={level}": may
    for level, may in LEVELS.items()
    for kind in ("json", "csv", "parquet")
} | {
    address: set(IN)
    for address in (
        "/api/v1/indicators.json",
        "/api/v1/areas.csv",
        "/api/v1/periods.json",
        "/api/v1/openapi.json",
        "/api/v1/chart.svg?view=trajectory&indicator=reviewed",
        "/api/v1/provenance.json?figure=reviewed/E92000001/2011-12",
        "/geography/regions.geojson",
        "/present/latest",
    )
}


FEWEST = 500  # bytes of an answer that holds anything


@pytest.mark.parametrize("address", CELLS)
def test_each_address_for_each_role(address: str) -> None:
    for role in ROLES:
        answer = client().get(address, headers=cookie(role))
        if role == "nobody":
            assert answer.status_code == 401, (role, answer.text[:200])
        elif role not in CELLS[address]:
            assert answer.status_code == 403, (role, answer.text[:200])
        else:
            assert answer.status_code == 200, (role, answer.text[:200])
            assert len(answer.content) > FEWEST
            assert "public" not in answer.headers["cache-control"]
            assert "access-control-allow-origin" not in answer.headers
        if answer.status_code in (401, 403):
            assert len(answer.content) < 500


@pytest.mark.parametrize("role", IN)
def test_only_editors_note_what_was_said(role: str) -> None:
    body = {"kind": "decision", "text": "", "by": "somebody", "owner": "", "due": "", "into": "", "item": None}
    headers = cookie(role) | {"sec-fetch-site": "same-origin", "content-type": "application/json"}
    answer = client().post("/present/2/notes", content=json.dumps(body), headers=headers)
    # An empty note is refused to everybody, to those who may write for what it is.
    assert answer.status_code in ((400,) if role in ("editor", "administrator") else (400, 403))
    noted = body | {"text": "Noted by the matrix"}
    if role not in ("editor", "administrator"):
        answer = client().post("/present/2/notes", content=json.dumps(noted), headers=headers)
        assert answer.status_code == 403
        assert "does not let you edit" in answer.text


def test_a_sign_out_counts_at_once_and_is_kept_while_an_import_writes(
    own_database: None,
) -> None:
    signed._kept.clear()  # as others signed in within the same second
    mine, other = cookie("viewer"), cookie("national_analyst")
    asked = "/api/v1/values.csv?indicator=reviewed&period=2011/12&level=school&la=Camden"
    with access.acting_as(access.SERVICE), writing(get_engine()):
        assert client().get("/api/v1/periods.json", headers=mine).status_code == 200
        client().get("/auth/logout", headers=mine)
        assert client().get("/api/v1/periods.json", headers=mine).status_code == 401
        assert client().get(asked, headers=other).status_code == 200
    until = time.monotonic() + 30
    while audit._waiting and time.monotonic() < until:
        time.sleep(0.05)
    with access.acting_as(access.SERVICE), reading(get_engine()) as connection:
        rows = audit.entries(connection).iloc[::-1]
    assert rows[["account", "did"]].to_numpy().tolist()[-4:] == [
        ["viewer@example.org", "signed in"],
        ["viewer@example.org", "signed out"],
        ["national_analyst@example.org", "signed in"],
        ["national_analyst@example.org", "exported schools"],
    ]
    assert client().get("/api/v1/periods.json", headers=mine).status_code == 401


def test_a_sign_out_that_cannot_be_kept_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(_account: str, _issued_at: int) -> None:
        raise DatabaseUnreachable("The database does not answer.", "Check that it is running.")

    monkeypatch.setattr(accounts, "sign_out", failing)
    client().get("/auth/logout", headers=cookie("viewer"))
    assert "A sign-out could not be kept: The database does not answer." in caplog.text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_pages_of_other_servers_make_nobody_sign_out_or_take_anything(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture or a script there, of a link that is followed only the sign-out."""
    ended: list[str] = []
    monkeypatch.setattr(accounts, "sign_out", lambda account, _issued_at: ended.append(account))
    schools = "/api/v1/values.csv?level=school&la=Camden&indicator=reviewed"
    mine, asking = cookie("national_analyst"), client()
    link, picture = ({"sec-fetch-site": site, "sec-fetch-dest": dest} for dest in ("document", "image"))
    for headers in (link, picture):
        answer = asking.get("/auth/logout", headers=mine | headers, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"], ended) == (303, "/", [])
    assert asking.get(schools, headers=mine | link).status_code == 200
    answer = asking.get(schools, headers=mine | picture)
    assert (answer.status_code, answer.json()["detail"][:22]) == (403, "Pages of other servers")
    ours = {"sec-fetch-site": "same-origin", "sec-fetch-dest": "document"}
    asking.get("/auth/logout", headers=mine | ours)
    assert ended == ["national_analyst@example.org"]


def test_where_sign_in_is_not_configured_whole_nothing_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "cookie_secret", SecretStr("short"))
    answer = client().get("/api/v1/periods.json", headers=cookie("viewer"))
    assert (answer.status_code, answer.json()["detail"]) == (503, "CPD_COOKIE_SECRET is too short.")


GUARDED = [
    "/media/0123.csv",
    "/_stcore/metrics",
    "/app/static/x",
    "/component/x/y.js",
    "/x",
]
FREE = ["/", "/schools", "/access", "/static/js/index.js", "/_stcore/health", "/favicon.png"]


@pytest.mark.parametrize("path", GUARDED)
def test_files_of_others_are_for_those_who_signed_in(path: str) -> None:
    assert client().get(path).status_code == 401
    assert client().put(path, content=b"x").status_code == 401
    assert client().get(path, headers=cookie("no role")).status_code == 403
    nothing = client().get(path, headers=cookie("viewer"))
    assert (nothing.status_code, nothing.headers["cache-control"]) == (404, "private, no-store")  # none of that name


UPLOAD = "/_stcore/upload_file/a/b"


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("role", ROLES)
def test_only_who_may_load_or_edit_sends_files(role: str, method: str) -> None:
    answer = client().request(method, UPLOAD, content=b"x", headers=cookie(role))
    refused = {"nobody": 401, "no role": 403, "viewer": 403, "la_officer:202": 403}
    assert answer.status_code == refused.get(role, 404)  # past the door there is no such session here
    if role in ("viewer", "la_officer:202"):
        assert answer.json()["detail"] == "Your role does not let you send files."


@pytest.mark.usefixtures("own_database")
def test_a_file_that_was_refused_stands_in_the_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_lately", {})
    for _ in range(3):
        client().put(UPLOAD, content=b"x", headers=cookie("viewer"))
    with access.acting_as(access.SERVICE), reading(get_engine()) as connection:
        entries = audit.entries(connection, account="viewer@example.org", did=audit.Did.refused)
    assert list(entries["about"]) == ["send a file"]


def test_where_nobody_signs_in_anybody_sends_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "sign_in_provider", "")
    assert client().put(UPLOAD, content=b"x").status_code == 404


@pytest.mark.parametrize("path", FREE)
def test_the_shell_is_anybodys(path: str) -> None:
    assert client().get(path).status_code in (200, 404)


Forge = Callable[[str], str]
FORGED: dict[str, Forge] = {
    "another secret": lambda _good: create_signed_value(
        "x" * 40, "_streamlit_user", json.dumps(said("administrator"))
    ).decode(),
    "a changed value": lambda good: good[:10] + ("A" if good[10] != "A" else "B") + good[11:],
    "no signature": lambda good: good.rpartition(".")[0],
    "plain JSON": lambda _good: json.dumps(said("administrator")).replace('"', "'"),
    "nothing": lambda _good: "",
    "odd letters": lambda _good: "\u00ff" * 40,
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_cookie_opens_nothing(how: str) -> None:
    good = create_signed_value(SECRET, "_streamlit_user", json.dumps(said("administrator"))).decode()
    assert client().get("/api/v1/periods.json", headers={"cookie": f"_streamlit_user={good}"}).status_code == 200
    forged = f"_streamlit_user={FORGED[how](good)}".encode("latin-1")
    assert client().get("/api/v1/periods.json", headers=[(b"cookie", forged)]).status_code == 401


HOST = "cpd.example"


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("http://cpd.example/schools?la=Camden", "/schools?la=Camden"),
        ("https://cpd.example", "/"),
        ("http://evil.example/schools", ""),
        ("http://cpd.example//evil.example", ""),
        ("http://cpd.example/\\evil.example", ""),
        ("javascript:alert(1)", ""),
        ("http://[x", ""),
        ("http://cpd.example/a\r\nSet-Cookie: x=1", ""),
        ("", ""),
    ],
)
def test_after_sign_in_nobody_is_sent_elsewhere(address: str, wanted: str) -> None:
    assert local(address, HOST) == wanted


def test_a_cookie_that_outlived_its_sign_in_opens_nothing() -> None:
    old = said("administrator") | {"iat": 1, "exp": 2}
    value = create_signed_value(SECRET, "_streamlit_user", json.dumps(old)).decode()
    answer = client().get("/api/v1/periods.json", headers={"cookie": f"_streamlit_user={value}"})
    assert (answer.status_code, answer.json()["detail"]) == (401, "Your sign-in has ended.")


@pytest.mark.parametrize("kind", table_files.KINDS)
def test_each_file_of_schools_for_each_role(kind: str) -> None:
    for role, (la, may) in product(IN, (("202", CAMDEN), ("203", ALL_SCHOOLS))):
        selection = {
            "indicators": ["reviewed"],
            "levels": ["la", "school"],
            "staff_groups": ["all"],
            "phases": ["all"],
            "areas": [la],
        }
        with access.acting_as(accounts.viewer_of(accounts.claims_of(said(role)))):
            selection["as_at"] = data.current_version()
            with reading(get_engine()) as connection:
                found = published(connection, **selection)
            rows, file = table_files.taken(kind, "figures", selection)
        assert rows == len(found.data) > 0
        assert file
        assert ("School" in set(found.data["geographic_level"])) == (role in may), (role, la)
