"""Settings, in one typed place; each is an environment variable that starts with CPD_."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field
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
    schools_of: str = Field(
        default="all",
        description="Whose schools are shown to all who use this service: all, none, or 3-digit codes (202,203).",
    )
    make_ready: bool = Field(
        default=True,
        description="Whether slides and pages are made in the background after a start: false spares a small machine.",
    )


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
