"""Jobs: progress, cancelling, every end a sentence; received files that go when nobody needs them."""

import gc
import io
import threading
from pathlib import Path

import pytest

from data_access import jobs
from data_access.errors import ImportCancelled, ImportRefused, Problem
from data_access.jobs import Job, JobFailed, Received, harmless
from data_access.steps import Step

LONG = 10.0


def test_a_job_tells_how_far_it_is_and_gives_its_result() -> None:
    reached, go_on = threading.Event(), threading.Event()

    def work(step: Step) -> int:
        step("Loading", 0.5)
        reached.set()
        assert go_on.wait(LONG)
        step("Again from the start", 0.1)
        return 7

    job = Job("Loading a.csv", work).start()
    assert reached.wait(LONG)
    assert (job.doing, job.done, job.finished) == ("Loading", 0.5, False)
    assert job in jobs.running()
    go_on.set()
    assert job.wait(LONG)
    assert (job.result, job.error, job.done) == (7, None, 0.5)
    assert job not in jobs.running()


def test_a_cancelled_job_stops_at_its_next_step() -> None:
    reached, go_on = threading.Event(), threading.Event()
    written = []

    def work(step: Step) -> None:
        step("Loading", 0.5)
        reached.set()
        assert go_on.wait(LONG)
        step("Writing", 1.0)
        written.append(True)

    job = Job("Loading a.csv", work).start()
    assert reached.wait(LONG)
    job.cancel()
    assert job.cancelling
    go_on.set()
    assert job.wait(LONG)
    assert isinstance(job.error, ImportCancelled)
    assert not written


def test_a_job_cancelled_before_it_began_does_nothing() -> None:
    written = []
    job: Job[None] = Job("Loading a.csv", lambda _: written.append(True))
    job.cancel()
    assert job.start().wait(LONG)
    assert isinstance(job.error, ImportCancelled)
    assert not written


def test_a_refusal_is_kept_as_it_is() -> None:
    refusal = ImportRefused([Problem("a.csv", 3, "n", "x", "this is no number.", "Correct it.")])

    def work(_: Step) -> None:
        raise refusal

    job = Job("Checking a.csv", work).start()
    assert job.wait(LONG)
    assert job.error is refusal


def test_a_fault_of_ours_is_a_sentence_and_goes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    job: Job[float] = Job("Checking a.csv", lambda _: 1 / 0).start()
    assert job.wait(LONG)
    assert isinstance(job.error, JobFailed)
    assert "division" not in str(job.error)
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("absence 2012.csv", "absence 2012.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\my file (1).xlsx", "my file (1).xlsx"),
        ("..", "file"),
        ("", "file"),
        ("a/b/", "file"),
        (".hidden", "hidden"),
        ("x\x00y\n.csv", "x_y_.csv"),
        ("données.meta.csv", "données.meta.csv"),
        ("=cmd|'a'.csv", "_cmd__a_.csv"),
        ("x" * 300 + ".csv", "x" * 50 + ".csv"),
    ],
)
def test_names_are_made_harmless(given: str, kept: str) -> None:
    assert harmless(given) == kept


def test_a_received_file_lies_in_a_folder_of_its_own_and_goes_with_its_holder() -> None:
    received = Received("../a.csv", io.BytesIO(b"x,y\n1,2\n"))
    path = Path(received.path)
    assert path.read_bytes() == b"x,y\n1,2\n"
    assert (path.name, received.size) == ("a.csv", 8)
    assert path.parent.stat().st_mode & 0o077 == 0
    assert list(path.parent.iterdir()) == [path]
    del received
    gc.collect()
    assert not path.parent.exists()


def test_a_job_lets_go_of_its_file_when_it_is_finished() -> None:
    received = Received("a.csv", io.BytesIO(b"x"))
    path = received.path
    job = Job("Looking", lambda _, file=received: file.size).start()
    assert job.wait(LONG)
    assert job.result == 1
    del received
    gc.collect()
    assert not path.exists()
