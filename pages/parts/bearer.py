"""Programs sign in with an ID token of the same provider, sent as `Authorization: Bearer …`: checked by its keys.

Anybody may send anything here. So nothing is asked of the provider for what is no token at all; one thread at a time
asks it, while the others go on; and a provider that did not answer is left alone for a while.
"""

import json
import logging
import math
import threading
import time
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from data_access.errors import NotSignedIn
from data_access.settings import settings

log = logging.getLogger("cpd.bearer")
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # of key pairs: never one that the client's secret could sign with
FRESH, PATIENCE = 600.0, 5.0  # seconds for which keys are believed, and for which the provider is waited for
BELIEVED = 3600.0  # seconds for which they are believed while the provider does not answer, or is being asked
AGAIN = 30.0  # seconds between two looks for a key that is not known
SILENT = 10.0  # seconds for which a provider that did not answer is not asked again
LONGEST = 8_000  # characters of a token
_asking = threading.Lock()  # held by the one thread that asks the provider; nobody waits for it


@dataclass
class _Known:
    provider: str
    issuer: str
    keys: KeySet
    at: float


_known: list[_Known] = []
_silent: dict[str, float] = {}  # when a provider did not answer


def claims(token: str) -> dict[str, Any]:
    """The claims of an ID token that the provider signed for this dashboard; raises NotSignedIn."""
    wrong = NotSignedIn("The token is not one for this dashboard.", "Get a new ID token from the provider.")
    if not _shaped(token):
        raise wrong
    found = _provider(FRESH)
    try:
        try:
            read = jwt.decode(token, found.keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            found = _provider(AGAIN)  # the provider may have new keys
            read = jwt.decode(token, found.keys, algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(
            leeway=30,
            iss={"essential": True, "value": found.issuer},
            aud={"essential": True, "value": settings().sign_in_client},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        ).validate(read.claims)
        _made_out_to_us(read.header, read.claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise wrong from error
    return dict(read.claims)


def _made_out_to_us(header: dict[str, Any], said: dict[str, Any]) -> None:
    """Raise ValueError for an access token, or another program's: it may name this dashboard, too, as one it is for.

    As OpenID Connect Core 1.0, 3.1.3.7, has it. Access tokens are signed by the same keys: `at+jwt` is RFC 9068's name
    for them, a `typ` among the claims is Keycloak's.
    """
    ours, several = settings().sign_in_client, isinstance(said["aud"], list) and len(said["aud"]) > 1
    of_another = said.get("azp", None if several else ours) != ours or said.get("client_id", ours) != ours
    access_token = said.get("typ", "ID") != "ID" or str(header.get("typ", "")).lower().endswith("at+jwt")
    if of_another or access_token:
        raise ValueError("the token is no ID token of this dashboard")


def _shaped(token: str) -> bool:
    """True for three parts of which the first names an algorithm that is allowed; what is no such is not looked up."""
    if len(token) > LONGEST or not token.isascii():
        return False
    header, *others = token.split(".")
    try:
        said = json.loads(b64decode(header + "=" * (-len(header) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        return False
    return len(others) == 2 and all(others) and isinstance(said, dict) and said.get("alg") in ALGORITHMS


def _provider(fresh: float) -> _Known:
    """The provider's name and keys, asked for anew where they are older than so many seconds."""
    address = settings().sign_in_provider
    known = next((each for each in _known if each.provider == address), None)
    age = time.monotonic() - known.at if known else math.inf
    if age >= fresh and (asked := _asked(address)):
        return asked
    if known is None or age >= BELIEVED:
        raise NotSignedIn("The sign-in provider does not answer.", "Try again in a minute.")
    return known


def _asked(address: str) -> _Known | None:
    """What the provider says now; None where it does not answer, did not a moment ago, or another thread asks it."""
    silent_for = time.monotonic() - _silent.get(address, -math.inf)
    if silent_for < SILENT or not _asking.acquire(blocking=False):
        return None
    try:
        about = httpx.get(address, timeout=PATIENCE).raise_for_status().json()
        keys = httpx.get(about["jwks_uri"], timeout=PATIENCE).raise_for_status().json()
        made = _Known(address, str(about["issuer"]), KeySet.import_key_set(keys), time.monotonic())
    except (httpx.HTTPError, httpx.InvalidURL, JoseError, ValueError, KeyError, TypeError) as error:
        log.error("The keys of the sign-in provider could not be read: %s", error)
        _silent[address] = time.monotonic()
        return None
    finally:
        _asking.release()
    _known[:] = [made]
    return made
