"""Log records as lines of text or of JSON, each with its request and its browser session, none with a secret."""

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from pydantic import SecretStr

from data_access.settings import Settings, settings

request_id: ContextVar[str] = ContextVar("request_id", default="")
session: ContextVar[str] = ContextVar("session", default="")
MASK: Final = "•••"
SHORTEST: Final = 6  # characters of a secret that is looked for: shorter ones would mask half of the words
_IN_ADDRESS: Final = re.compile(r"(\w+://[^\s:/@]*:)[^\s@]+@")
_IN_HEADER: Final = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+|(_streamlit_user\w*|cookie|code|token)=[^\s;&\"']+")


def short(session_id: str) -> str:
    """What tells one session from another in a log, and opens none."""
    return sha256(session_id.encode()).hexdigest()[:12]


def masked(text: str) -> str:
    """The text without our secrets, passwords in addresses, and what signs somebody in."""
    for secret in _secrets(settings()):
        text = text.replace(secret, MASK)
    text = _IN_ADDRESS.sub(rf"\1{MASK}@", text)
    return _IN_HEADER.sub(lambda found: f"{found[1] or found[2]} {MASK}", text)


def _secrets(wanted: Settings) -> list[str]:
    values = [getattr(wanted, name) for name in Settings.model_fields]
    found = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    return [secret for secret in found if len(secret) >= SHORTEST]


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        about = " ".join(f"[{name}]" for name in (request_id.get(), session.get()) if name)
        return masked(f"{super().format(record)} {about}".rstrip())


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": masked(record.getMessage()),
            "request": request_id.get(),
            "session": session.get(),
            **getattr(record, "said", {}),
        }
        if record.exc_info:
            said["trace"] = masked(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False)


def begin() -> None:
    """Write this process's log as the settings say; the server's own lines, too."""
    handler = logging.StreamHandler(sys.stderr)
    as_json = settings().log_format == "json"
    handler.setFormatter(_Json() if as_json else _Text("%(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings().log_level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "streamlit"):
        logging.getLogger(name).handlers[:] = []
        logging.getLogger(name).propagate = True
