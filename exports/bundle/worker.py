"""A process that draws: it reads pickled charts from its input and writes their files to its output, until that ends.

`python -m exports.bundle.worker [--calm]`; calm: others come first. Only the process that started it speaks to it.
"""

import os
import pickle
import sys
from typing import BinaryIO

from exports import chart_files


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer each (figure, kinds, told) with a list of bytes, one a kind, or with the text of what went wrong."""
    while True:
        try:
            figure, kinds, told = pickle.load(asked)
        except EOFError:
            return
        try:
            answer: list[bytes] | str = [chart_files.make(figure, kind, told) for kind in kinds]
        except Exception as error:
            answer = repr(error)
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    if "--calm" in sys.argv:
        os.nice(10)
    # What a library prints must not stand among the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, answers)
