"""Log records as lines of text or of JSON, each with its request and its browser session, none with a secret."""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from data_access.settings import Settings, settings

request_id: ContextVar[str] = ContextVar("request_id", default="")
session: ContextVar[str] = ContextVar("session", default="")
MASK: Final = "•••"
SHORTEST: Final = 6  # characters of a secret that is looked for: shorter ones would mask half of the words
# What gives somebody away, however it is written: the rest of the line after a header's name, a value after a word.
_IN_ADDRESS: Final = re.compile(r"(\w+://[^\s:/@]*:)\S+@")
_HEADER: Final = re.compile(r"(?i)\b((?:set-)?cookie|(?:proxy-)?authorization)(\W{1,4}).+")
_VALUE: Final = re.compile(
    r"(?i)\b(bearer|basic|_streamlit_\w+|password|passwd|secret|client_secret|id_token|access_token|token)"
    r"(\W{1,4})[^\s;&\"',]+"
)
# Begins a line, moves a terminal's cursor or turns the direction of reading: written as JSON would write it.
_ODD: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_QUERY: Final = re.compile(r"\b(code|state)=[^\s;&\"']+")  # what a provider sends back


def short(session_id: str) -> str:
    """What tells one session from another in a log, and opens none."""
    return sha256(session_id.encode()).hexdigest()[:12]


def masked(text: str) -> str:
    """The text without our secrets, passwords in addresses, and what signs somebody in."""
    for secret in _secrets(settings()):
        text = text.replace(secret, MASK)
    text = _IN_ADDRESS.sub(rf"\1{MASK}@", text)
    text = _HEADER.sub(rf"\1\2{MASK}", text)
    return _QUERY.sub(rf"\1={MASK}", _VALUE.sub(rf"\1\2{MASK}", text))


def _secrets(wanted: Settings) -> list[str]:
    """The settings' secrets, with the databases' passwords as they are and as an address writes them."""
    values = [getattr(wanted, name) for name in Settings.model_fields]
    found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    for address in (wanted.database_url, wanted.database_read_url):
        written = urlsplit(address).netloc.rpartition("@")[0].partition(":")[2]
        found += [written, unquote(written)]
    return [secret for secret in found if len(secret) >= SHORTEST]


def visible(text: str) -> str:
    """The text on one line, as it is read: nothing in it begins a line or moves what stands elsewhere."""
    return _ODD.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class _Text(logging.Formatter):
    def formatException(self, ei: Any) -> str:
        # A fault's own words may have several lines: none begins as a record's does.
        return "\n".join(f"  {visible(line)}" for line in super().formatException(ei).splitlines())

    def format(self, record: logging.LogRecord) -> str:
        # One line a record, whatever it quotes; a trace of ours follows it.
        message = visible(record.getMessage())
        about = " ".join(f"[{name}]" for name in (request_id.get(), session.get()) if name)
        whole = logging.makeLogRecord(record.__dict__ | {"msg": f"{masked(message)} {about}".rstrip(), "args": None})
        return masked_lines(super().format(whole))


def masked_lines(text: str) -> str:
    """Each line masked by itself."""
    return "\n".join(masked(line) for line in text.split("\n"))


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        more = getattr(record, "said", {})
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked_lines(record.getMessage()),
            "request": request_id.get(),
            "session": session.get(),
            **{name: masked(value) if isinstance(value, str) else value for name, value in more.items()},
        }
        if record.exc_info:
            said["trace"] = masked_lines(self.formatException(record.exc_info))
        return visible(json.dumps(said, ensure_ascii=False))


def begin() -> None:
    """Write this process's log as the settings say; the server's own lines, too (Streamlit's: pages.parts.serving)."""
    handler = logging.StreamHandler(sys.stderr)
    as_json = settings().log_format == "json"
    handler.setFormatter(_Json() if as_json else _Text("%(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings().log_level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "streamlit"):
        logging.getLogger(name).handlers[:] = []
        logging.getLogger(name).propagate = True
