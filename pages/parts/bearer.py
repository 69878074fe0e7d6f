"""Programs sign in with an ID token of the same provider, sent as `Authorization: Bearer …`: checked by its keys."""

import threading
import time
from dataclasses import dataclass
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from data_access.errors import NotSignedIn
from data_access.settings import settings

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # of key pairs: never one that the client's secret could sign with
FRESH, PATIENCE = 600.0, 5.0  # seconds for which keys are believed, and for which the provider is waited for
AGAIN = 30.0  # seconds between two looks for a key that is not known
LONGEST = 8_000  # characters of a token
_lock = threading.Lock()


@dataclass
class _Known:
    provider: str
    issuer: str
    keys: KeySet
    at: float


_known: list[_Known] = []


def claims(token: str) -> dict[str, Any]:
    """The claims of an ID token that the provider signed for this dashboard; raises NotSignedIn."""
    wrong = NotSignedIn("The token is not one for this dashboard.", "Get a new ID token from the provider.")
    if not token or len(token) > LONGEST or not token.isascii():
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
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise wrong from error
    return dict(read.claims)


def _provider(fresh: float) -> _Known:
    """The provider's name and keys, asked for at most once in so many seconds."""
    address = settings().sign_in_provider
    with _lock:
        if _known and _known[0].provider == address and time.monotonic() - _known[0].at < fresh:
            return _known[0]
        try:
            about = httpx.get(address, timeout=PATIENCE).raise_for_status().json()
            keys = httpx.get(about["jwks_uri"], timeout=PATIENCE).raise_for_status().json()
            made = _Known(address, str(about["issuer"]), KeySet.import_key_set(keys), time.monotonic())
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            raise NotSignedIn("The sign-in provider does not answer.", "Try again in a minute.") from error
        _known[:] = [made]
        return made
