"""What is kept can be put aside while a test reads another database, and nothing else is kept afterwards."""

from exports.kept import forget, kept
from tests.aside import put_aside, put_back


def test_what_was_put_aside_is_kept_again_and_nothing_else() -> None:
    made: list[int] = []

    @kept(4)
    def double(number: int) -> int:
        made.append(number)
        return 2 * number

    double(1)
    aside = put_aside()
    forget()
    double(2)
    put_back(aside)
    assert [double(1), double(2)] == [2, 4]
    assert made == [1, 2, 2]
