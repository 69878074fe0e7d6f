"""Which cells of the published tables to leave out, so that nobody can work a hidden one out from those that are shown.

An indicator's figures for a period are a table of areas × phases × staff groups, with totals over totals. A hidden cell
is safe when people could be moved about inside the hidden cells without changing any cell that is shown: then other
figures fit what is published as well. The simplest such move takes one from a cell and gives it to another, in each
direction of the table at once (the corners of a box); where a direction has no partner, the totals above are hidden,
too. Here every hidden cell is given the cheapest box that makes it safe.
Source: the hypercube method of cell suppression, Giessing and Repsilber 2002, with the totals as further corners.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from measures.boxes import BLOCKED, Boxes, Moves
from measures.recovery import Version, movement, same, still, told_apart, with_schools

UNLIKELY = 10.0  # the cost, in a later version, of a box that only one who knows that no count is below none can break


def protect(
    n: np.ndarray,
    d: np.ndarray,
    must: np.ndarray,
    known: np.ndarray,
    region_of: np.ndarray,
    ways: Moves,
    *,
    england: bool = True,
    share: bool = True,
    untold: np.ndarray | None = None,
    bounded: float = BLOCKED,
    again: np.ndarray | None = None,
) -> np.ndarray:
    """True for the cells to hide: areas × columns, as n and d.

    n, d: numerator and denominator of each cell, NaN where there is none; areas are authorities, then regions, then
    England. must: cells that are to be hidden; known: cells shown before with the same figures, which hiding does not
    help; again: cells that were hidden before and cost next to nothing now. region_of: the region (0…) of each
    authority; each region has one. england: False where the table has no figure for England. share: True where the
    numerator counts some of the denominator, so that it cannot be more. untold: empty cells that are not zero but
    unknown to all. bounded: the cost of a cell that counts nobody or all and can go one way only.
    """
    hide = must.copy()
    if not hide.any():
        return hide
    table = Boxes(n, d, hide, known, region_of, ways, england, share, untold, bounded, again)
    tried = np.zeros_like(hide)
    while True:
        boxes = table.cheapest()
        left = np.argwhere(hide & ~tried & ~table.safe(boxes))
        if not len(left):
            return hide
        # The largest first: what protects it often protects the smaller ones beside it.
        order = np.argsort(-np.nan_to_num(d[left[:, 0], left[:, 1]]), kind="stable")
        used: dict[int, int] = {}
        for area, column in left[order]:
            # An area whose cells were just hidden has other costs by now: it waits for the next round, unless it gives
            # the same cells again.
            if area in used:
                continue
            areas, way = table.box(boxes, int(area), int(column))
            if all(used.get(one, way) == way for one in areas):
                used |= dict.fromkeys(areas, way)
                tried[area, column] = True
                table.hide_box(areas, way)
        table.price(np.array(list(used)))


def protect_twice(
    n: np.ndarray,
    d: np.ndarray,
    must: np.ndarray,
    known: np.ndarray,
    seen: np.ndarray | None,
    region_of: np.ndarray,
    ways: Moves,
    *,
    told: np.ndarray | None = None,
    **how: Any,
) -> tuple[np.ndarray, np.ndarray]:
    """The cells to hide, and those of `seen` that schools may not tell either; how: as for protect.

    seen: cells, None: none, that whoever sees the schools behind them knows all the same, whether or not they are
    hidden. What protects others has to do so for them, too: first these are given their boxes, in which one of `seen`
    is as dear as any cell, since a school is kept for it; then all are. told: those of seen that schools have told.
    """
    if seen is None or not seen.any():
        return protect(n, d, must, known, region_of, ways, **how), np.zeros_like(must)
    first = protect(n, d, must & ~seen, known if told is None else known | told, region_of, ways, **how)
    both = must | first
    return protect(n, d, both, known & ~both, region_of, ways, **how), first & seen


def protect_after(now: Version, *args: Any, **how: Any) -> np.ndarray:
    """The cells to hide alone of protect_twice_after."""
    return protect_twice_after(now, *args, **how)[0]


def protect_twice_after(
    now: Version,
    before: Sequence[Version],
    region_of: np.ndarray,
    ways: Moves,
    equations: csr_array,
    *,
    england: bool = True,
    share: bool = True,
    milder: bool = False,
    decided: np.ndarray | None = None,
    apart: Sequence[np.ndarray] = (),
    told_elsewhere: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """The cells to hide in a table of which earlier versions were published, and those that no school may tell.

    now.hide: see decided. The latter are some of now.seen; what schools told before with the same figures is known to
    those who see them, and what they did not tell is kept from them still.

    What was shown with the same figures is known for good; what was hidden with the same figures stays hidden. A cell
    that is worked out from all versions together although it is hidden for others' sake only protects nothing, and is
    shown. Where one that must not be known is worked out, the cell in its place is hidden, then the totals above it,
    then everything near it that was not shown before. milder: the rule allows more than it did, so that what was hidden
    before is shown unless it has to be hidden still. decided: cells that now.hide says of, and the
    earlier versions too, whether they are hidden, and that need not be kept here. apart: for each earlier version the
    cells whose change since then must not be known: such a cell is not shown after that version showed it, nor may
    totals tell how it changed. told_elsewhere: untold cells that are not to be relied upon.
    """
    known, kept = np.zeros_like(now.own), np.zeros_like(now.own)
    if decided is None:
        decided = np.zeros_like(now.own)
    elsewhere = decided & now.hide
    for version in before:
        as_then = same(now, version)
        known |= as_then & ~version.hide
        kept |= as_then & version.hide
    for version, cells in zip(before, apart, strict=False):
        now = replace(now, own=now.own | (cells & ~version.hide & ~known))
    may, las = ~np.isnan(now.d) & ~known & ~decided, len(region_of)
    must = (now.own if milder else now.own | kept) & ~np.isnan(now.d) & ~decided
    known |= decided & ~now.hide
    n, d = (np.where(elsewhere, np.nan, figures) for figures in (now.n, now.d))
    untold = now.untold | elsewhere if told_elsewhere is None else now.untold & ~told_elsewhere
    seen, told = _seen(now, before, apart)
    never_told = np.zeros_like(now.own) if now.seen is None else now.seen & ~seen
    enough: tuple[np.ndarray, np.ndarray] | None = None
    for wider in (*_WIDER, None):
        hide, kept_by_schools = protect_twice(
            n,
            d,
            must,
            known & ~must,
            seen,
            region_of,
            ways,
            told=told,
            england=england,
            share=share,
            untold=untold,
            bounded=UNLIKELY,
            again=kept if milder else None,
        )
        versions = [*before, replace(now, hide=hide | elsewhere, seen=seen & ~kept_by_schools)]
        *moved, last = movement(equations, versions)
        hide = hide & (now.own | ~still(last))
        must_not, lost = _found(versions, apart, decided, moved, last)
        if versions := with_schools(versions):
            *moved, last = movement(equations, versions)
            for found, more in zip((must_not, lost), _found(versions, apart, decided, moved, last), strict=True):
                found += more
        made = hide, kept_by_schools | (never_told & hide)
        if enough is None and not any(cells.any() for cells in must_not):
            enough = made
        if not any(cells.any() for cells in lost):
            return made
        if wider is None:
            # What was hidden for others' sake only is worth so much, but not where it is known for all that.
            return made if enough is None else enough
        must = must | hide  # else what protects now need not be what did
        for cells in lost:
            must = must | (wider(cells, region_of, las) & may)
    raise AssertionError("the last turn returns")


def _seen(now: Version, before: Sequence[Version], apart: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Version.seen of the latest version after the earlier ones, and what of it schools told before.

    Not what they did not tell then, nor what changed since and must not be known.
    """
    of_now = now.seen if now.seen is not None else np.zeros_like(now.own)
    seen, told = of_now.copy(), of_now & ~now.own
    for version in before:
        as_then, then = same(now, version), version.seen if version.seen is not None else False
        told |= of_now & then & as_then
        seen &= then | ~(as_then & version.hide)
    for cells in apart:
        seen &= ~cells
        told &= ~cells
    return seen | told, told


def _found(
    versions: Sequence[Version],
    apart: Sequence[np.ndarray],
    decided: np.ndarray,
    moved: Sequence[np.ndarray],
    last: np.ndarray,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Of what all versions together determine (movement): what must not be known, and all that is hidden for it."""
    *before, now = versions
    latest, earlier = [still(last) & now.own], [still(cells) & ~decided for cells in moved]
    latest += [cells & told_apart(then, last) for cells, then in zip(apart, moved, strict=False)]
    must_not = [cells & version.own for cells, version in zip(earlier, before, strict=True)]
    return latest + must_not, latest + earlier


def _in_place(cells: np.ndarray, region_of: np.ndarray, las: int) -> np.ndarray:
    return cells


def _totals_above(cells: np.ndarray, region_of: np.ndarray, las: int) -> np.ndarray:
    """The cells themselves, with those of their regions and of England in the same columns."""
    made = cells.astype(bool)
    np.logical_or.at(made, las + region_of, cells[:las])
    made[-1] |= made[las:-1].any(axis=0)
    return made


def _all_near(cells: np.ndarray, region_of: np.ndarray, las: int) -> np.ndarray:
    """Every cell of the areas concerned, of their regions and of the authorities in these, and of England."""
    region = np.asarray(cells[las:-1].any(axis=1))
    np.logical_or.at(region, region_of, cells[:las].any(axis=1))
    rows = np.concatenate([region[region_of], region, [cells.any()]])
    return np.broadcast_to(rows[:, None], cells.shape)


_WIDER = (_in_place, _in_place, _totals_above, _all_near)
