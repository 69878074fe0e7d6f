"""Figures of university programmes: fees, savings, completion, what a completion cost, how they are made, themes."""

from typing import Final

import pandas as pd

from charts.counted_bars import Counted, counted_bars
from charts.figure import Context, Figure, headline
from charts.pounds import Amount, amounts
from exports.kept import kept
from exports.shown import Shown
from exports.views import partnerships, university_programmes
from exports.views.evidence import edit_shown
from exports.views.registry import view
from measures import university_programmes as measured
from measures import words
from measures.partnership_words import AWARDS, IMPACT_THEMES, PATTERNS, PAYERS, PLACES

PAGE: Final = "university-programmes"
MOST_NAMED: Final = 10  # programmes that a figure names one by one
PAID: Final = ("Partner fee", "Standard fee")
DELIVERED: Final = {"0%": (0, 0), "1% to 24%": (1, 24), "25% to 49%": (25, 49), "50% and more": (50, 100)}
COUNTED: Final = {"Place": ("place", PLACES), "Pattern": ("pattern", PATTERNS), "Who pays": ("payer", PAYERS)}
NOT_SAID: Final = university_programmes.NOT_SAID


def _context(now: Shown, found: pd.DataFrame, counted: str) -> Context:
    return partnerships.context(now, counted, found)


def _gbp(value: float) -> str:
    return words.number(value, "gbp")


def _optional(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _named(now: Shown) -> bool:
    """Whether the programmes are few enough to be named one by one."""
    return len(university_programmes.programmes(now)) <= MOST_NAMED


def _by_award(found: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Award → its programmes; of those that there are."""
    return {code: rows for code in AWARDS if len(rows := found[found["award"] == code])}


def _title(text: str, count: int) -> str:
    """'Mean of 25 programmes'."""
    return f"{text} of {words.plural(count, 'programme')}"


# Fees ----------------------------------------------------------------------------------------------------


@view(0, PAGE)  # kept below by the edit
def programme_fees(now: Shown) -> Figure | None:
    """The partners' fee beside the standard fee by award, and the published ones; None where neither is said."""
    return _fees(now, edit_shown(now.version))


@kept(30)
def _fees(now: Shown, number: int) -> Figure | None:
    found = university_programmes.programmes(now)
    both = found[found["per_person"].notna()]
    if both.empty:
        return None
    rows, facts = [], university_programmes.facts(now.version)
    means = {}
    for code, each in _by_award(both).items():
        fee, standard = (float(pd.to_numeric(each[name]).mean()) for name in ("partner_fee", "standard_fee"))
        means[code] = (fee, standard)
        named = _named(now)
        if len(each) > 1 or not named:
            rows.append(Amount(AWARDS[code], _title("Mean", len(each)), fee, standard))
        if named:
            rows += [
                Amount(AWARDS[code], row["title"], float(row["partner_fee"]), float(row["standard_fee"]))
                for row in each.to_dict("records")
            ]
        if code in facts:
            beside = float(facts["standard"]["value"]) if code == "masters" and "standard" in facts else None
            rows.append(Amount(AWARDS[code], "Published, about", float(facts[code]["value"]), beside))
    code, (fee, standard) = next(iter(means.items()))
    award = AWARDS[code]
    sources = sorted({str(each["source"]) for each in facts.values()})
    published = (
        f" The published fees are real: {words.joined(sources)}."
        if any("Published" in row.text for row in rows)
        else ""
    )
    return amounts(
        rows,
        _context(now, both, f"both fees said by {len(both)} of {words.plural(len(found), 'programme')}"),
        finding=headline(
            f"A {words.inline(award)} costs {_gbp(fee)} in place of {_gbp(standard)}",
            f"{award}: {_gbp(fee)} in place of {_gbp(standard)}",
        ),
        measure="Fee of one participant for the whole award, beside the university's standard fee",
        what="fees of university programmes",
        names=PAID,
        notes="Means of the programmes that say both fees; the others are left out." + published,
    )


# Savings -------------------------------------------------------------------------------------------------


@view(0, PAGE)
def programme_savings(now: Shown) -> Figure | None:
    """What was saved in fees, by whose money it is and by award; None where no saving is known."""
    return _savings(now, edit_shown(now.version))


@kept(30)
def _savings(now: Shown, number: int) -> Figure | None:
    found = university_programmes.programmes(now)
    made = measured.saved(found)
    if not made.known:
        return None
    rows = [
        Amount("Whose money", measured.PURSES[code], made.by_purse.get(code), muted=code == "")
        for code in made.by_purse
    ]
    for code, each in _by_award(found).items():
        own = measured.saved(each)
        rows.append(Amount("By award", AWARDS[code], own.net if own.known else None))
    public = made.by_purse.get("public", 0.0)
    more = (
        f" {words.plural(made.dearer, 'programme costs', 'programmes cost')} more than the standard fee: "
        f"{_gbp(made.extra)} is taken off."
        if made.dearer
        else ""
    )
    return amounts(
        rows,
        _context(now, found, f"fees and participants said by {made.known} of {words.plural(made.of, 'programme')}"),
        finding=headline(
            f"Programmes saved the public purse {_gbp(public)} in fees"
            if public > 0
            else f"Programmes saved {_gbp(made.net)} in fees"
            if made.net >= 0
            else f"Programmes cost {_gbp(-made.net)} more than standard fees"
        ),
        measure="(Standard fee − partner fee) × participants",
        what="savings of university programmes",
        notes="Public purse: school, authority or government pay. Programmes that do not say both fees are left out. "
        f"What partners' own teaching and rooms cost them is not counted.{more}",
    )


# Completion ----------------------------------------------------------------------------------------------


@view(0, PAGE)
def programme_completion(now: Shown) -> Figure | None:
    """The shares of participants who completed and were promoted, by award; None where no programme says it."""
    return _completion(now, edit_shown(now.version))


@kept(30)
def _completion(now: Shown, number: int) -> Figure | None:
    found = university_programmes.programmes(now)
    rows, said, few = list[Counted](), {}, _named(now)
    for part, group in (("completed", "Completed the award"), ("promoted", "Promoted during it or since")):
        for code, each in _by_award(found).items():
            made = measured.share(each, part)
            if made.people:
                said[(part, code)] = made
                rows += _together(made, group, f"{AWARDS[code]} ({made.programmes})", made.programmes > 1 or not few)
                rows += _each(each, part, group) if few else []
    if not rows:
        return None
    ended = int(found["over"].sum())
    known = measured.share(found, "completed")
    code = next((code for part, code in said if part == "completed"), "")
    if code:
        of = said[("completed", code)]
        finding = headline(
            f"{of.value:.0f}% of participants completed the {words.inline(AWARDS[code])}",
            f"{AWARDS[code]}: {of.value:.0f}% of participants completed it",
        )
    else:
        finding = "No programme that ended says who completed"
    return counted_bars(
        rows,
        _context(now, found, f"completion said by {known.programmes} of {words.plural(ended, 'ended programme')}"),
        finding=finding,
        measure="Share of participants, programmes that have ended",
        what="completion of university programmes",
        long=True,
        notes="In brackets: programmes. Thin lines: 95% intervals. Programmes that run are not counted, nor are those "
        "that do not say their counts, some since these would tell of a few people.",
    )


def _together(made: measured.Share, group: str, text: str, wanted: bool) -> list[Counted]:
    """A row for a share, where it is wanted and anybody took part."""
    if not wanted or not made.people:
        return []
    return [Counted(group, text, made.count, made.people, interval=(made.lower, made.upper))]


def _each(rows: pd.DataFrame, part: str, group: str) -> list[Counted]:
    """A row for each programme that says it."""
    shares = [(str(title), measured.share(rows.iloc[[at]], part)) for at, title in enumerate(rows["title"])]
    return [row for title, made in shares for row in _together(made, group, title, True)]


@view(0, PAGE)
def completion_cost(now: Shown) -> Figure | None:
    """What a completion took in fees, by award, beside the standard fee; None where no programme says enough."""
    return _cost(now, edit_shown(now.version))


@kept(30)
def _cost(now: Shown, number: int) -> Figure | None:
    found = university_programmes.programmes(now)
    rows: list[Amount] = []
    behind = ended = 0
    best: tuple[str, measured.Cost] | None = None
    for code, each in _by_award(found).items():
        made = measured.cost(each)
        behind, ended = behind + made.programmes, ended + made.of
        if made.programmes:
            if made.programmes > 1 or not _named(now):
                rows.append(_amount(code, _title("Cost", made.programmes), made))
            best = best or ((code, made) if made.completed else None)
            if _named(now):
                single = [(title, measured.cost(each.iloc[[at]])) for at, title in enumerate(each["title"])]
                rows += [_amount(code, title, own) for title, own in single if own.programmes]
    if not rows:
        return None
    finding = "Nobody has completed an award yet"
    if best is not None:
        award, value = AWARDS[best[0]], _gbp(best[1].value)
        finding = headline(
            f"Each completed {words.inline(award)} took {value} in fees", f"{award}: {value} a completion"
        )
    return amounts(
        rows,
        _context(now, found, f"fee and completion said by {behind} of {words.plural(ended, 'ended programme')}"),
        finding=finding,
        measure="Fees of all participants ÷ those who completed, beside the same at the standard fee",
        what="cost of a completion",
        names=("At the partner fee", "At the standard fee"),
        notes="Lines: 95% intervals, from that of the share who completed; an arrow: no upper limit. Programmes that "
        "run are not counted. Diamonds: of the programmes that say the standard fee.",
    )


def _amount(code: str, text: str, made: measured.Cost) -> Amount:
    return Amount(
        AWARDS[code],
        text,
        _optional(made.value),
        _optional(made.standard),
        interval=(made.lower, made.upper),
        why="Nobody completed",
    )


# How they are made, and what partners value ---------------------------------------------------------------


@view(0, PAGE)
def programme_ways(now: Shown) -> Figure | None:
    """How much partners deliver, where, how and who pays: counts of programmes; None where there are none."""
    return _ways(now, edit_shown(now.version))


@kept(30)
def _ways(now: Shown, number: int) -> Figure | None:
    found = university_programmes.programmes(now)
    if found.empty:
        return None
    of = len(found)
    delivered = pd.to_numeric(found["delivered"])
    rows = [
        Counted("Delivered by the partner", text, int(delivered.between(*ends).sum()), of)
        for text, ends in DELIVERED.items()
    ]
    rows += _unsaid("Delivered by the partner", int(delivered.isna().sum()), of)
    for group, column, labels in (
        ("Place", "place", PLACES),
        ("Pattern", "pattern", PATTERNS),
        ("Who pays", "payer", PAYERS),
    ):
        rows += [Counted(group, text, int((found[column] == code).sum()), of) for code, text in labels.items()]
        rows += _unsaid(group, int((found[column] == "").sum()), of)
    known = int(delivered.notna().sum())
    return counted_bars(
        rows,
        _context(now, found, words.plural(of, "programme")),
        finding=headline(
            f"Partners give {delivered.mean():.0f}% of the teaching, on average"
            if known
            else "No programme says how much its partners deliver"
        ),
        measure="Programmes by who delivers, where, when and who pays",
        what="how university programmes are made",
        long=True,
        notes=f"The mean is of the {words.plural(known, 'programme')} with a share, each once." if known else "",
    )


def _unsaid(group: str, count: int, of: int) -> list[Counted]:
    """A row for those that say nothing, where there are such."""
    return [Counted(group, NOT_SAID, count, of, known=False)] if count else []


@view(0, PAGE)
def programme_themes(now: Shown) -> Figure | None:
    """What partners value about their programmes, by theme; None where there are none."""
    return _themes(now, edit_shown(now.version))


@kept(30)
def _themes(now: Shown, number: int) -> Figure | None:
    found = university_programmes.programmes(now)
    if found.empty:
        return None
    of, group = len(found), "Theme"
    counts = {code: sum(code in themes for themes in found["themes"]) for code in IMPACT_THEMES}
    rows = [
        Counted(group, IMPACT_THEMES[code], counts[code], of) for code in sorted(counts, key=lambda code: -counts[code])
    ]
    rows += _unsaid(group, sum(not themes for themes in found["themes"]), of)
    top = rows[0]
    return counted_bars(
        rows,
        _context(now, found, words.plural(of, "programme")),
        finding=headline(
            f"Most often valued: {words.inline(top.text)}, {top.count} of {of} programmes",
            f"Most often valued: {words.inline(top.text)}",
        )
        if top.count
        else "No programme says what its partners value",
        measure="Programmes whose partners name the theme",
        what="what partners value",
        notes="Several themes may be named of one programme, and one that is not named may still hold. The themes are "
        "those of the evaluation of such programmes (Littlefair).",
    )
