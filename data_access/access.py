"""Who may see the figures of single schools: checked by the queries, not by hiding a widget.

Without sign-in everyone who uses a service sees the same: the setting CPD_SCHOOLS_OF says whose schools.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, true

from data_access.errors import NotAllowed, SettingWrong
from data_access.settings import settings


@dataclass(frozen=True)
class Viewer:
    """schools_of: the 3-digit codes of the local authorities whose schools may be seen; None: of all."""

    schools_of: frozenset[str] | None

    def may_see(self, la_code: str) -> bool:
        """True where the schools of this authority may be seen."""
        return self.schools_of is None or la_code in self.schools_of

    def among(self, la_code: ColumnElement) -> ColumnElement[bool]:
        """The condition that a row is of an authority whose schools may be seen."""
        if self.schools_of is None:
            return true()
        return la_code.in_(sorted(self.schools_of)) if self.schools_of else false()

    def check(self, la_code: str, name: str) -> None:
        """Raise NotAllowed, which names the authority, unless its schools may be seen."""
        if not self.may_see(la_code):
            raise NotAllowed(
                f"The schools of {name} are shown to its own officers only.",
                "Choose your own authority, or ask whoever runs this service (setting CPD_SCHOOLS_OF).",
            )


def viewer() -> Viewer:
    """Whoever uses this service; raises SettingWrong where the setting names no authorities."""
    given = settings().schools_of.strip().lower()
    if given in ("all", "none"):
        return Viewer(None if given == "all" else frozenset())
    codes = frozenset(code.strip() for code in given.split(",") if code.strip())
    if not codes or not all(len(code) == 3 and code.isdecimal() for code in codes):
        raise SettingWrong(
            "CPD_SCHOOLS_OF does not say whose schools are shown.",
            "Set it to all, none, or 3-digit codes of local authorities such as 202,203.",
        )
    return Viewer(codes)
