"""Every way this room can refuse, each as one plain sentence with its remedy.

DataAccessError
├── DatabaseProblem
│   ├── DatabaseMissing · DatabaseUnreachable · DatabaseLocked
│   ├── DatabaseOlder · DatabaseNewer · DatabaseUnfilled · DatabaseDamaged
│   └── DatabaseReadOnly · DiskFull · QueryBrokenOff
├── SettingWrong
├── NotAllowed
│   └── NotSignedIn
├── UnknownCode
├── ChangedMeanwhile
├── BackupRefused
├── ImportRefused (holds its problems)
└── ImportCancelled
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd


class DataAccessError(Exception):
    """A sentence for a person, then what to do about it; `str()` gives both."""

    def __init__(self, sentence: str, remedy: str):
        self.sentence = sentence
        self.remedy = remedy
        super().__init__(f"{sentence} {remedy}")


class DatabaseProblem(DataAccessError):
    """The database cannot be used as it is."""


class DatabaseMissing(DatabaseProblem): ...


class DatabaseUnreachable(DatabaseProblem): ...


class DatabaseLocked(DatabaseProblem): ...


class DatabaseOlder(DatabaseProblem): ...


class DatabaseNewer(DatabaseProblem): ...


class DatabaseUnfilled(DatabaseProblem): ...


class DatabaseDamaged(DatabaseProblem): ...


class DatabaseReadOnly(DatabaseProblem): ...


class DiskFull(DatabaseProblem): ...


class QueryBrokenOff(DatabaseProblem): ...


class SettingWrong(DataAccessError): ...


class NotAllowed(DataAccessError):
    """What was asked for is not for whoever asks."""


class NotSignedIn(NotAllowed):
    """Nobody has signed in, or the sign-in has ended."""

    def __init__(self, sentence: str = "You are not signed in.", remedy: str = "Sign in, then try again."):
        super().__init__(sentence, remedy)


class UnknownCode(DataAccessError): ...


class ChangedMeanwhile(DataAccessError):
    """Somebody else changed what was being edited; nothing was written."""


class BackupRefused(DataAccessError):
    """A backup that cannot be written, or not be restored; nothing was changed."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a file: where, which value, and what to do. Row 1 is the header."""

    file: str
    row: int | None
    column: str | None
    value: str | None
    message: str
    remedy: str

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.file,
                f"row {self.row}" if self.row is not None else "",
                f"column {self.column}" if self.column else "",
                f"value “{self.value}”" if self.value is not None else "",
            )
            if part
        )
        return f"{place}: {self.message} {self.remedy}"


class ImportRefused(DataAccessError):
    """The file was not taken; `problems` lists the first 1,000 reasons and `count` says how many there are."""

    LIMIT = 1000

    def __init__(self, problems: list[Problem]):
        self.count = problems.count_all if isinstance(problems, Problems) else len(problems)
        self.problems = problems[: self.LIMIT]
        what = "1 problem" if self.count == 1 else f"{self.count:,} problems"
        super().__init__(f"Nothing was imported: {what} found.", "Mend the file or its mapping and import again.")


class ImportCancelled(DataAccessError):
    """Someone stopped it; nothing was written."""

    def __init__(self) -> None:
        super().__init__("The import was cancelled; nothing was changed.", "Start it again when you like.")


class Problems(list[Problem]):
    """The problems of one file: the first 1,000 are held, all are counted.

    called: column → what the person's own file calls it.
    """

    def __init__(self, file: str, called: Mapping[str, str] | None = None):
        super().__init__()
        self.file, self.called, self.count_all = file, called or {}, 0

    def append(self, problem: Problem) -> None:
        """Count a problem; hold it where there is room."""
        self.count_all += 1
        if len(self) < ImportRefused.LIMIT:
            super().append(problem)

    def add(self, row: int | None, column: str | None, value: object, message: str, remedy: str) -> None:
        """A problem of this file."""
        said = None if value is None else str(value)
        self.append(Problem(self.file, row, self.called.get(column or "", column), said, message, remedy))

    def of(self, column: str | None, bad: pd.Series, message: str, remedy: str) -> None:
        """One problem a row: bad holds the values, indexed by line less 2."""
        for line, value in bad.iloc[: ImportRefused.LIMIT].items():
            self.add(int(str(line)) + 2, column, value, message, remedy)
        self.count_all += max(0, len(bad) - ImportRefused.LIMIT)
