"""What a page, file or slide shows: period, place, phase, staff group and data version; and what each may be called.

In an address they stand as people read them (?la=Camden); codes and other spellings are understood, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from data_access.errors import UnknownCode
from data_access.periods import TERMS
from exports import frames
from exports.kept import kept
from exports.views import data

ALL_REGIONS, ALL_AUTHORITIES = "All regions", "All"
ENGLAND = "E92000001"
WHAT = {
    "period": "period",
    "region": "region",
    "la": "local authority",
    "phase": "phase",
    "staff_group": "staff group",
}
PHASES = {"All phases": "all", "Primary": "primary", "Secondary": "secondary", "Special": "special"}


@dataclass(frozen=True)
class Shown:
    """What the page shows: codes to ask with, names to say. region and la are None where all are shown."""

    version: int
    period: str
    period_label: str
    region: str | None
    region_name: str | None
    la: str | None
    la_name: str | None
    phase: str
    staff_group: str
    staff_label: str

    @property
    def is_term(self) -> bool:
        """True where a term, not a year, was chosen."""
        return self.period.endswith(TERMS)

    @property
    def level(self) -> str:
        """The level of the area that was chosen."""
        return "la" if self.la else "region" if self.region else "england"

    @property
    def area_code(self) -> str:
        """The code of the area that was chosen."""
        return self.la or self.region or ENGLAND

    @property
    def area(self) -> str:
        """The name of the area that was chosen."""
        return self.la_name or self.region_name or "England"

    @property
    def key(self) -> tuple[int, str, str, str]:
        """Version, staff group, phase, period: what frames and figures are cached by, beside the area."""
        return self.version, self.staff_group, self.phase, self.period


@dataclass(frozen=True)
class Choices:
    """What the filters offer, as label → code in the order of the lists, and what else an address may call each."""

    periods: dict[str, str]
    first_period: str
    regions: dict[str, str]
    authorities: dict[str, str]
    region_of: dict[str, str]  # an authority's label → its region's
    aliases: dict[str, tuple[str, str]]  # what else may be typed for an authority → its label, what is said on arriving
    groups: dict[str, str]
    names: dict[str, dict[str, str]]  # filter → any name in lower case → label


@kept(4)
def choices(version: int) -> Choices:
    """The choices of a data version."""
    known = data.reference(version)
    periods = known.periods.iloc[::-1]
    labels = dict(zip(periods["code"].str.lower(), periods["label"], strict=True))
    groups = dict(zip(known.staff_groups["title"], known.staff_groups["code"], strict=True))
    aliases, other_names = _aliases(known)
    return Choices(
        periods=dict(zip(periods["label"], periods["code"], strict=True)),
        first_period=frames.default_period(known),
        regions=dict(zip(known.regions["name"], known.regions["code"], strict=True)),
        authorities=dict(zip(known.authorities["name"], known.authorities["code"], strict=True)),
        region_of=dict(zip(known.authorities["name"], known.authorities["region"], strict=True)),
        aliases=aliases,
        groups=groups,
        names={
            "period": labels | {code.replace("/", "-").replace(" ", "-"): label for code, label in labels.items()},
            "region": _names(known.regions, "code", "short"),
            "la": other_names | _names(known.authorities, "code", "ons_code"),
            "phase": {code: label for label, code in PHASES.items()},
            "staff_group": {code: title for title, code in groups.items()},
        },
    )


def _aliases(known: data.Reference) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """What else the borough box finds → authority and line; what else an address may say → one of these."""
    label = dict(zip(known.authorities["code"], known.authorities["name"], strict=True))
    rows = zip(known.authorities["code"], known.authorities["ons_code"], known.authorities["name"], strict=True)
    found = {f"{code} · {ons} · {name}": (name, "") for code, ons, name in rows}
    others: dict[str, str] = {}
    for alias in known.aliases:
        said = f"{alias.name} → {label[alias.la_code]}"
        found[said] = (label[alias.la_code], alias.line)
        short = alias.name.partition(" (")[0] if alias.line else alias.name
        others |= dict.fromkeys([short.lower(), *(code.lower() for code in alias.codes)], said)
    return found, others


def _names(frame: pd.DataFrame, *columns: str) -> dict[str, str]:
    """Everything that a row may be called in an address → its name."""
    said = [frame[column].astype(str).str.lower() for column in ("name", *columns)]
    return {name: label for column in said for name, label in zip(column, frame["name"], strict=True)}


def area_names(version: int) -> dict[str, str]:
    """Anything that an address may call an area of any level, in lower case → its name."""
    known = choices(version)
    las = {said: known.aliases.get(label, (label, ""))[0] for said, label in known.names["la"].items()}
    return las | known.names["region"] | {ENGLAND.lower(): "England", "england": "England"}


def address(now: Shown) -> dict[str, str]:
    """What `now` says, as an address says it, without what needs no saying; the data version is not part of it."""
    phases = {code: label for label, code in PHASES.items()}
    said = {"period": now.period_label, "region": now.region_name, "la": now.la_name}
    if now.phase != "all":
        said["phase"] = phases[now.phase]
    if now.staff_group != "all":
        said["staff_group"] = now.staff_label
    return {key: value for key, value in said.items() if value is not None}


def understood(asked: Mapping[str, str], version: int) -> Shown:
    """What an address asks for at a data version; what it does not say is as pages open by default.

    Raises UnknownCode where it names what is not known.
    """
    known = choices(version)
    period = _named(known, "period", asked, known.first_period, known.periods)
    la = _named(known, "la", asked, ALL_AUTHORITIES, known.authorities)
    la = known.aliases.get(la, (la, ""))[0]
    region = known.region_of.get(la) or _named(known, "region", asked, ALL_REGIONS, known.regions)
    phase = _named(known, "phase", asked, "All phases", PHASES)
    staff = _named(known, "staff_group", asked, next(iter(known.groups)), known.groups)
    return shown(version, period=period, region=region, la=la, phase=phase, staff=staff)


def shown(version: int, *, period: str, region: str, la: str, phase: str, staff: str) -> Shown:
    """What these labels of the filters' lists stand for."""
    known = choices(version)
    region_code = known.regions.get(region)
    return Shown(
        version=version,
        period=known.periods[period],
        period_label=period,
        region=region_code,
        region_name=region if region_code else None,
        la=known.authorities.get(la),
        la_name=la if la in known.authorities else None,
        phase=PHASES[phase],
        staff_group=known.groups[staff],
        staff_label=staff.lower() if staff == "All staff" else staff,
    )


def _named(known: Choices, key: str, asked: Mapping[str, str], usual: str, labels: Mapping[str, str]) -> str:
    """The label that an address means by one of its parameters."""
    given = asked.get(key, usual)
    if given in labels or given == usual:
        return given
    found = known.names[key].get(given.strip().lower())
    if found is None:
        raise UnknownCode(f"“{given[:40]}” is not a known {WHAT[key]}.", "Open the page it comes from and choose anew.")
    return found
