"""How many of many would stand out by chance alone, in words."""

from measures import words
from measures.gaps import by_chance

ONE_SIDED = 0.975  # the upper 95% limit alone decides on Off track: chance has one side of the interval


def about(areas: int, level: float) -> str:
    """'about 8', 'about 0.3': how many of so many would lie outside limits of a level by chance."""
    number = by_chance(areas, level)
    return f"about {number:.0f}" if number >= 1 else f"about {number:.1g}"


def compared(count: int, what: str) -> str:
    """'Of 152 areas compared, about 8 would be …', where `what` is 'areas compared'; '' where not even one would."""
    if by_chance(count, 0.95) < 1:
        return ""
    return f"Of {count:,} {what}, {about(count, 0.95)} would be better or worse by chance alone."


def off_track(judged: int) -> str:
    """How many statuses chance would turn to Off track where every area stood just where it should; '' for few."""
    if by_chance(judged, ONE_SIDED) < 1:
        return ""
    return (
        f"Of {judged:,} judgements, {about(judged, ONE_SIDED)} would read Off track by chance alone "
        "even if every area stood exactly where it is expected."
    )


def differences(count: int) -> str:
    """'Of 7 differences, about 0.4 would look clear by chance alone.'; '' of none."""
    if not count:
        return ""
    return f"Of {words.plural(count, 'difference')}, {about(count, 0.95)} would look clear by chance alone."
