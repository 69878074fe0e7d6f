"""How many of many chance alone would set apart, in words."""

import pytest

from charts import chance


@pytest.mark.parametrize(
    ("areas", "level", "said"), [(152, 0.95, "about 8"), (152, 0.998, "about 0.3"), (20, 0.95, "about 1")]
)
def test_how_many_of_so_many(areas, level, said):
    assert chance.about(areas, level) == said


def test_nothing_is_said_where_not_even_one_would_stand_out():
    assert chance.compared(19, "areas compared") == ""
    assert chance.compared(60, "areas compared") == (
        "Of 60 areas compared, about 3 would be better or worse by chance alone."
    )
    assert chance.off_track(39) == ""
    assert chance.off_track(1200).startswith("Of 1,200 judgements, about 30 would read Off track by chance alone")
