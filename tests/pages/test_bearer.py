"""Programs with a token: whose is believed, what it lets them see, and whom a provider that hangs holds up."""

import hashlib
import hmac
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cache
from itertools import islice
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from pages.parts import bearer
from tests.pages.test_access_matrix import client, cookie

pytestmark = pytest.mark.usefixtures("signing_in")
ISSUER = "https://provider.example"
PERIODS = "/api/v1/periods.json"
SCHOOLS = "/api/v1/values.json?indicator=reviewed&period=2011/12&level=school&la="
OURS = "The token is not one for this dashboard."
SILENT = "The sign-in provider does not answer."
WAIT = 20.0  # seconds for what should be there at once


@cache
def key(kid: str) -> RSAKey:
    """A key pair of a provider."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


class Provider:
    """A provider: its keys, the clock, what it was asked, and what happens first when it is."""

    def __init__(self) -> None:
        self.keys = [key("first")]
        self.now = 1000.0
        self.asked: list[str] = []
        self.first: Callable[[], httpx.Response | None] = lambda: None

    def answer(self, request: httpx.Request) -> httpx.Response:
        """What it says of itself, and its keys."""
        self.asked.append(request.url.path)
        if (instead := self.first()) is not None:
            return instead
        if request.url.path == "/keys":
            return httpx.Response(200, json={"keys": [each.as_dict(private=False) for each in self.keys]})
        return httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"})


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """The provider that the service asks, of which it knows nothing yet."""
    made = Provider()
    with httpx.Client(transport=httpx.MockTransport(made.answer)) as asking:
        monkeypatch.setattr(httpx, "get", asking.get)
        monkeypatch.setattr(bearer, "_known", [])
        monkeypatch.setattr(bearer, "_silent", {})
        monkeypatch.setattr(bearer, "time", SimpleNamespace(monotonic=lambda: made.now))
        yield made


def said(**changed: Any) -> dict[str, Any]:
    """The claims of a token for this dashboard."""
    now = int(time.time())
    who = {"sub": "1", "email": "robot@example.org", "roles": ["viewer"], "iat": now, "exp": now + 600}
    return {"iss": ISSUER, "aud": "cpd"} | who | changed


def token(by: str = "first", **changed: Any) -> str:
    """A token, signed by a key of the provider."""
    return jwt.encode({"alg": "RS256", "kid": by}, said(**changed), key(by))


def by_hand(header: object, sign: Callable[[bytes], bytes]) -> str:
    """A token that no library would sign."""

    def part(content: bytes) -> bytes:
        return urlsafe_b64encode(content).rstrip(b"=")

    signed = part(json.dumps(header).encode()) + b"." + part(json.dumps(said()).encode())
    return (signed + b"." + part(sign(signed))).decode()


def ask(sent: str, address: str = PERIODS) -> tuple[int, str]:
    """The status that a program with a token is given, and the refusal's sentence."""
    answer = client().get(address, headers={"authorization": f"Bearer {sent}"})
    return answer.status_code, answer.json()["detail"] if answer.status_code >= 400 else ""


def test_a_good_token_gives_what_its_roles_let(provider: Provider) -> None:
    cells = {"viewer": (403, 403), "la_officer:202": (200, 403), "national_analyst": (200, 200)}
    for role, schools in cells.items():
        sent = token(roles=[role])
        assert ask(sent) == (200, ""), role
        assert tuple(ask(sent, SCHOOLS + name)[0] for name in ("Camden", "Greenwich")) == schools, role
    assert ask(token(roles=[])) == (403, "The account robot@example.org has no role here.")
    assert ask(token(aud=["another", "cpd"], azp="cpd", typ="ID")) == (200, "")
    assert provider.asked == ["/.well-known/openid-configuration", "/keys"]  # once for all


NOW = int(time.time())


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"exp": NOW - 60},
        {"exp": None},
        {"exp": "never"},
        {"iat": None},
        {"iat": NOW + 6000},
        {"nbf": NOW + 6000},
        {"sub": None},
        {"aud": ["another", "cpd"]},
        {"aud": ["another", "cpd"], "azp": "another"},
        {"azp": "another"},
        {"client_id": "another"},
        {"typ": "Bearer"},  # an access token, of Keycloak's
    ],
)
def test_a_token_for_others_or_of_another_time_is_refused(provider: Provider, changed: dict[str, Any]) -> None:
    assert ask(token(**changed)) == (401, OURS)
    assert ask(token()) == (200, "")


@pytest.mark.parametrize("kind", ["at+jwt", "application/at+JWT"])
def test_an_access_token_is_refused(provider: Provider, kind: str) -> None:
    assert ask(jwt.encode({"alg": "RS256", "kid": "first", "typ": kind}, said(), key("first"))) == (401, OURS)


def test_a_token_that_somebody_else_signed_is_refused(provider: Provider) -> None:
    forged = jwt.encode({"alg": "RS256", "kid": "first"}, said(roles=["administrator"]), key("somebody's"))
    assert ask(forged) == (401, OURS)
    good = token()
    assert ask(good[:-6] + ("A" if good[-6] != "A" else "B") + good[-5:]) == (401, OURS)
    assert ask(good) == (200, "")


def _hmac(secret: bytes) -> Callable[[bytes], bytes]:
    return lambda signed: hmac.new(secret, signed, hashlib.sha256).digest()


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(lambda: by_hand({"alg": "none"}, lambda _: b""), id="unsigned"),
        pytest.param(lambda: by_hand({"alg": "none", "kid": "first"}, lambda _: b"x"), id="alg none"),
        pytest.param(lambda: by_hand({"alg": "HS256"}, _hmac(b"secret")), id="by the client's secret"),
        pytest.param(lambda: by_hand({"alg": "HS256", "kid": "first"}, _hmac(key("first").as_pem(False))), id="HS256"),
        pytest.param(lambda: by_hand(["alg"], lambda _: b"x"), id="a list"),
        pytest.param(lambda: by_hand("alg", lambda _: b"x"), id="a text"),
        pytest.param(lambda: by_hand({"alg": ["RS256"]}, lambda _: b"x"), id="many algorithms"),
        pytest.param(lambda: urlsafe_b64encode(b"[" * 5000).decode() + ".e30.eA", id="deep"),
        pytest.param(lambda: token() + ".e30", id="four parts"),
        pytest.param(lambda: token(more="x" * 8000), id="too long"),
        pytest.param(lambda: "x", id="a letter"),
        pytest.param(lambda: "", id="nothing"),
        pytest.param(lambda: "..", id="dots"),
        pytest.param(lambda: "e30.e30.eA", id="no algorithm"),
    ],
)
def test_what_is_no_token_of_ours_is_refused_without_asking_the_provider(
    provider: Provider, sent: Callable[[], str]
) -> None:
    assert ask(sent()) == (401, OURS)
    assert provider.asked == []
    assert ask(token()) == (200, "")
    assert ask(sent()) == (401, OURS)  # with keys at hand, too


def test_a_new_key_of_the_provider_is_found_and_its_old_one_forgotten(provider: Provider) -> None:
    assert ask(token("first")) == (200, "")
    provider.keys = [key("second")]
    assert ask(token("second")) == (401, OURS)  # it was asked a moment ago: no token makes us ask each time
    assert len(provider.asked) == 2
    provider.now += bearer.AGAIN
    assert ask(token("second")) == (200, "")
    assert len(provider.asked) == 4
    assert ask(token("first")) == (401, OURS)


def _raises(error: Exception) -> Callable[[], httpx.Response]:
    def first() -> httpx.Response:
        raise error

    return first


@pytest.mark.parametrize(
    "down",
    [
        pytest.param(_raises(httpx.ConnectError("refused")), id="refused"),
        pytest.param(_raises(httpx.ReadTimeout("too slow")), id="slow"),
        pytest.param(lambda: httpx.Response(500), id="broken"),
        pytest.param(lambda: httpx.Response(200, text="<h1>Soon back</h1>"), id="no JSON"),
        pytest.param(lambda: httpx.Response(200, json=["x"]), id="other JSON"),
        pytest.param(
            lambda: httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": "https://x/\x00"}), id="no address"
        ),
    ],
)
def test_a_provider_that_is_down_is_left_alone_for_a_while(
    provider: Provider, down: Callable[[], httpx.Response]
) -> None:
    provider.first = down
    for _ in range(3):
        assert ask(token()) == (401, SILENT)
    assert len(provider.asked) == 1
    provider.first = lambda: None
    assert ask(token()) == (401, SILENT)
    provider.now += bearer.SILENT
    assert ask(token()) == (200, "")


def test_known_keys_count_for_an_hour_without_the_provider(provider: Provider) -> None:
    assert ask(token()) == (200, "")
    provider.first = _raises(httpx.ConnectTimeout("away"))
    provider.now += bearer.FRESH
    assert ask(token()) == (200, "")
    assert len(provider.asked) == 3  # it was tried
    provider.now += bearer.BELIEVED
    assert ask(token()) == (401, SILENT)


def test_a_provider_that_hangs_holds_up_nobody_else(provider: Provider) -> None:
    many = 60  # more than the threads that the service has
    hangs, goes_on = threading.Event(), threading.Event()

    def first() -> None:
        hangs.set()
        assert goes_on.wait(3 * WAIT)

    provider.first = first
    sent = token()
    with (
        TestClient(client().app, base_url="http://dashboard.example") as door,
        ThreadPoolExecutor(many + 1) as browsers,
    ):
        try:
            asked = [
                browsers.submit(door.get, PERIODS, headers={"authorization": f"Bearer {sent}"}) for _ in range(many)
            ]
            assert hangs.wait(WAIT)
            someone = browsers.submit(door.get, PERIODS, headers=cookie("viewer"))
            assert someone.result(WAIT).status_code == 200
            refused = [each.result() for each in islice(as_completed(asked, WAIT), many - 1)]
            assert {(answer.status_code, answer.json()["detail"]) for answer in refused} == {(401, SILENT)}
            assert sum(each.done() for each in asked) == many - 1
        finally:
            goes_on.set()
        assert sorted(each.result().status_code for each in asked) == [200] + [401] * (many - 1)
    assert len(provider.asked) == 2
