"""A priority in one card: counts by status, median progress and what changed, as a small piece of HTML."""

from html import escape

from charts.marks import status_svg
from measures import words
from measures.status import Summary

COLOURS = {
    "on_track": "var(--cpd-on)",
    "at_risk": "var(--cpd-risk)",
    "off_track": "var(--cpd-off)",
    "none": "currentColor",
}
# Colours of charts.theme.STATUS and their dark twins: a page says which is in force.
LIGHT = "--cpd-on:#00625A;--cpd-risk:#9C3B00;--cpd-off:#801650;"
DARK = "--cpd-on:#6FD6CB;--cpd-risk:#FFB27D;--cpd-off:#F08DBF;"


def card(
    title: str,
    now: Summary,
    before: Summary | None,
    before_label: str,
    progress: list[float],
    *,
    dark: bool,
    furthest: bool,
) -> str:
    """The card's HTML.

    now, before: the priority's summary in this period and an earlier one; progress: median progress by year (fractions,
    NaN where unknown), drawn as a line; furthest: True for the priority that is furthest behind.
    """
    count = f"{now.on_track} of {now.total}" if now.judged else "Not judged"
    words_after = "on track" if now.judged else "no indicator can be judged yet"
    way = (
        ""
        if progress[-1:] == [] or progress[-1] != progress[-1]
        else f"{words.share(progress[-1])} of the way to target (median)"
    )
    edge = COLOURS["off_track"] if furthest else "transparent"
    flag = f'<span style="font-size:0.85rem;font-weight:600;color:{edge}">Furthest behind</span>' if furthest else ""
    return (
        f'<div style="{DARK if dark else LIGHT}border-top:6px solid {edge};padding-top:0.5rem">'
        f'<h3 style="font-size:1.15rem;margin:0;padding:0;font-weight:600">{escape(title)}</h3>'
        f'<p style="margin:0.1rem 0;line-height:1.15"><span style="font-size:2.4rem;font-weight:700">{count}</span> '
        f'<span style="font-size:1.15rem">{words_after}</span></p>'
        f'<p style="margin:0.2rem 0;line-height:1.6">{_marks(now)}</p>'
        f'<p style="margin:0;font-size:0.95rem">{escape(_counts(now))}</p>'
        f'<p style="margin:0;font-size:0.95rem">{escape(way)} {_line(progress)}</p>'
        f'<p style="margin:0;font-size:0.95rem">{escape(_change(now, before, before_label))}</p>{flag}</div>'
    )


def _marks(now: Summary) -> str:
    counts = {"on_track": now.on_track, "at_risk": now.at_risk, "off_track": now.off_track, "none": now.none}
    marks = "".join(
        status_svg(status, 17, COLOURS[status]).replace("<svg ", '<svg style="margin-right:3px" ') * n
        for status, n in counts.items()
    )
    # The counts follow in words, so the row of marks is one picture, not eleven.
    return f'<span aria-hidden="true">{marks}</span>'


def _counts(now: Summary) -> str:
    parts = [(now.at_risk, "at risk"), (now.off_track, "off track"), (now.none, "not judged")]
    return ", ".join(f"{n} {name}" for n, name in parts if n) or "none behind"


def _change(now: Summary, before: Summary | None, label: str) -> str:
    if before is None or not before.judged or not now.judged:
        return ""
    change = now.on_track - before.on_track
    if change == 0:
        return f"No change since {label}"
    return f"{'+' if change > 0 else '−'}{abs(change)} on track since {label}"


def _line(progress: list[float]) -> str:
    points = [(i, p) for i, p in enumerate(progress) if p == p]
    if len(points) < 2:
        return ""
    low, high = min(0.0, *(p for _, p in points)), max(1.0, *(p for _, p in points))
    width, height = 64, 20
    path = " ".join(
        f"{i / (len(progress) - 1) * (width - 6) + 3:.1f},{height - 3 - (p - low) / (high - low) * (height - 6):.1f}"
        for i, p in points
    )
    last = path.split(" ")[-1].split(",")
    return (
        f'<svg aria-hidden="true" width="{width}" height="{height}" style="vertical-align:middle">'
        f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="2"/>'
        f'<circle cx="{last[0]}" cy="{last[1]}" r="3" fill="currentColor"/></svg>'
    )
