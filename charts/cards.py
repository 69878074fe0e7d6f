"""A priority in one card: counts by status, median progress and what changed, as a small piece of HTML."""

from html import escape

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
    *,
    dark: bool,
    furthest: bool,
) -> str:
    """The card's HTML.

    now, before: the priority's summary in this period and an earlier one; furthest: True for the one furthest behind.
    """
    count = f"{now.on_track} of {now.total}" if now.judged else "Not judged"
    words_after = "on track" if now.judged else ""
    edge = COLOURS["off_track"] if furthest else "transparent"
    flag = f'<span style="font-size:0.85rem;font-weight:600;color:{edge}">Furthest behind</span>' if furthest else ""
    return (
        f'<div style="{DARK if dark else LIGHT}border-top:6px solid {edge};padding-top:0.5rem">'
        f'<h2 style="font-size:1.15rem;margin:0;padding:0;font-weight:600">{escape(title)}</h2>'
        f'<p style="margin:0.1rem 0;line-height:1.15"><span style="font-size:2.4rem;font-weight:700">{count}</span> '
        f'<span style="font-size:1.15rem">{words_after}</span></p>'
        f'<p style="margin:0.2rem 0;line-height:1.6">{_marks(now)}</p>'
        f'<p style="margin:0;font-size:0.95rem">{escape(counts(now))}</p>'
        f'<p style="margin:0;font-size:0.95rem">{escape(way(now, before, before_label))}</p>'
        f'<p style="margin:0;font-size:0.95rem">{escape(change(now, before, before_label))}</p>{flag}</div>'
    )


def _marks(now: Summary) -> str:
    counts = {"on_track": now.on_track, "at_risk": now.at_risk, "off_track": now.off_track, "none": now.none}
    # The counts follow in words, so the row of marks is one picture, not eleven.
    return f'<span aria-hidden="true">{"".join(_mark(status) * n for status, n in counts.items())}</span>'


def _mark(status: str) -> str:
    """The status symbol drawn with a border and a background: Streamlit takes inline SVG out of HTML."""
    shape = (
        "display:inline-block;box-sizing:border-box;width:1rem;height:1rem;margin-right:0.2rem;vertical-align:-0.15rem;"
    )
    if status == "none":
        return f'<span style="{shape}height:0.2rem;vertical-align:0.2rem;background:{COLOURS[status]}"></span>'
    colour = COLOURS[status]
    fill = {
        "on_track": f"background:{colour}",
        "at_risk": f"background:linear-gradient(90deg,{colour} 50%,transparent 50%)",
        "off_track": "background:transparent",
    }[status]
    return f'<span style="{shape}border:0.16rem solid {colour};border-radius:50%;{fill}"></span>'


def counts(now: Summary) -> str:
    """What is not on track, in words: '1 at risk, 2 off track', 'none behind'."""
    if not now.judged:
        return (
            f"None of {words.plural(now.total, 'indicator')} can be judged" if now.total else "No indicator collected"
        )
    parts = [(now.at_risk, "at risk"), (now.off_track, "off track"), (now.none, "not judged")]
    return ", ".join(f"{n} {name}" for n, name in parts if n) or "none behind"


def change(now: Summary, before: Summary | None, label: str) -> str:
    """'2 more on track than in 2010/11'; '' where either cannot be judged. label: what the earlier period is called."""
    if before is None or not before.judged or not now.judged:
        return ""
    more = now.on_track - before.on_track
    if more == 0:
        return f"As many on track as in {label}"
    return f"{abs(more)} {'more' if more > 0 else 'fewer'} on track than in {label}"


def way(now: Summary, before: Summary | None, label: str) -> str:
    """'62% of the way to target (median), 38% in 2010/11'; '' where there is no progress to speak of."""
    if words.is_missing(now.median_progress):
        return ""
    known = before is not None and not words.is_missing(before.median_progress)
    was = f", {words.share(before.median_progress)} in {label}" if before is not None and known else ""
    return f"{words.share(now.median_progress)} of the way to target (median){was}"
