"""Settings, in one typed place; each is an environment variable that starts with CPD_."""

from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent
DEFAULT_DATABASE = PROJECT / "var" / "cpd.db"


class Settings(BaseSettings):
    """What a deployment may choose. docs/settings.md says the same for people; a test compares the two."""

    model_config = SettingsConfigDict(env_prefix="CPD_")

    database_url: str = Field(
        default=f"sqlite:///{DEFAULT_DATABASE}",
        description="The database: sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME.",
    )
    database_timeout: float = Field(
        default=5.0,
        description="Seconds to wait for a locked or unreachable database before saying so.",
    )
    database_read_url: str = Field(
        default="",
        description="A streaming read replica of a PostgreSQL database, which then answers what is only read.",
    )
    database_connections: int = Field(
        default=10,
        ge=2,
        description="Connections that one process opens to PostgreSQL at most, and as many to its read replica.",
    )
    statement_timeout: float = Field(
        default=30.0,
        ge=0,
        description="Seconds after which PostgreSQL breaks off a read; 0 is never. Imports are not broken off.",
    )
    schools_of: str = Field(
        default="all",
        description="Where nobody signs in, whose schools everyone is shown: all, none, or 3-digit codes (202,203).",
    )
    sign_in_provider: str = Field(
        default="",
        description="Where the OpenID provider describes itself (https://…/.well-known/openid-configuration); "
        "empty: nobody signs in.",
    )
    sign_in_client: str = Field(default="", description="What the provider calls this dashboard: its client id.")
    sign_in_secret: SecretStr = Field(default=SecretStr(""), description="The client's secret at the provider.")
    sign_in_address: str = Field(
        default="http://localhost:8501",
        description="Where browsers reach this dashboard; the provider sends them back to /oauth2callback there.",
    )
    cookie_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Signs the cookie of who has signed in: 32 random characters or more, the same on all replicas.",
    )
    sign_in_account: str = Field(
        default="email", description="The provider's claim that names an account: email or sub."
    )
    sign_in_roles: str = Field(
        default="roles", description="The provider's claim that lists roles here, such as editor or la_officer:202."
    )
    sign_in_hours: float = Field(
        default=0.0, ge=0, description="Hours that a sign-in lasts; 0: until the provider's token ends."
    )
    proxies: str = Field(
        default="127.0.0.1",
        description="Proxies whose X-Forwarded-For and -Proto are believed: addresses or networks (10.0.0.0/8), "
        "separated by commas; or * for any, where only a proxy reaches the service.",
    )
    log_format: Literal["text", "json"] = Field(default="text", description="How the log is written: text or json.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="What the log keeps: debug, info (each request, too), warning or error."
    )
    metrics: bool = Field(
        default=False, description="Whether /metrics answers Prometheus; a proxy must keep it from outside."
    )
    make_ready: bool = Field(
        default=True,
        description="Whether slides and pages are made in the background after a start: false spares a small machine.",
    )

    @field_validator("proxies")
    @classmethod
    def _are_addresses(cls, said: str) -> str:
        """A name would be taken, and never believed."""
        try:
            for each in said.split(",") if said not in ("", "*") else ():
                ip_network(each.strip())
        except ValueError:
            raise ValueError("write addresses or networks separated by commas, or *") from None
        return said


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once; a wrong value ends it with one sentence, and never shows the value."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [f"CPD_{'_'.join(str(part) for part in each['loc']).upper()}: {each['msg']}" for each in error.errors()]
        raise SystemExit(f"A setting is wrong ({'; '.join(wrong)}). Correct or unset it: docs/settings.md.") from None
