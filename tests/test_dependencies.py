"""The audit of dependencies says what it knows, and fails only for what it knows."""

import json

import pytest

from tests import dependencies

GOOD = {"name": "altair", "version": "6.3.0", "vulns": []}
BAD = {"name": "old", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
UNKNOWN = {"name": "streamlit", "skip_reason": "Dependency not found on PyPI"}


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ([GOOD], 0, "1 dependencies audited: 0 vulnerabilities."),
        ([GOOD, UNKNOWN], 0, "1 are not known to the service"),
        ([GOOD, BAD], 1, "old 1.0: PYSEC-1, mended in 1.1."),
        ([UNKNOWN], 0, "NOT audited"),
        (None, 0, "NOT audited"),
    ],
)
def test_the_audit_says_what_it_knows(
    said: list[object] | None, status: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "ConnectionError: no route" if said is None else json.dumps({"dependencies": said})
    assert dependencies.main(lambda: text) == status
    assert words in capsys.readouterr().out


def test_a_vulnerability_that_was_looked_at_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "ACCEPTED", {"PYSEC-1": "we do not call it"})
    assert dependencies.main(lambda: json.dumps({"dependencies": [BAD]})) == 0


def test_an_audit_that_fails_by_itself_is_no_pass() -> None:
    assert dependencies.main(lambda: "No module named pip_audit") == 1
