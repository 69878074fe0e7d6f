"""The read replica: a copy of PostgreSQL that follows it, and the rule for when it may answer.

It may never show less than this process has shown or written already: what pages keep, they keep by data version and
edit, and who saves something looks for it on the next page. Nor may it answer before the migration has reached it that
this version of the program needs.
"""

import logging
import threading
import time

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from data_access.migrations import HEAD

log = logging.getLogger("cpd.database")

REST = 10.0  # seconds in which a replica that did not answer is not asked again
SHORT = 5.0  # seconds that it may be behind, as any is after a write, before the log says so
STATE = (
    "select coalesce((select max(number) from data_version), 0), coalesce((select max(number) from edit), 0),"
    " {written} as has_own, coalesce((select max(version_num) from alembic_version), '') as revision"
)
# Exactly what is asked: whether the transaction that wrote is seen by the one that reads. Transactions have the same
# numbers on a streaming replica.
HAS_OWN = "pg_visible_in_snapshot(cast(cast(:mark as text) as xid8), pg_current_snapshot())"


class Replica:
    """A read replica and what it must hold before it may answer. Shared by all threads of the process."""

    def __init__(self, engine: Engine, name: str):
        self.engine, self.name = engine, name
        self._lock = threading.Lock()
        self._seen = (0, 0)  # the newest data version and edit that anything was read of
        self._mark = ""  # this process's latest write
        self._rests_until = 0.0
        self._down = False
        self._behind_since: float | None = None
        self._behind_said = False

    def connect(self) -> Connection | None:
        """A connection whose transaction sees all that it must; None where the primary has to answer."""
        if time.monotonic() < self._rests_until:
            return None
        connection = None
        try:
            connection = self.engine.connect().execution_options(isolation_level="REPEATABLE READ")
            has_all = self._has_all(connection)
            self._answers(has_all)
            if has_all:
                return connection
        except SQLAlchemyError as error:
            self.failed(error)
        if connection is not None:
            connection.close()
        return None

    def _has_all(self, connection: Connection) -> bool:
        """Whether a transaction sees what was written and seen; what it sees is noted. It is its first question."""
        with self._lock:
            mark, seen = self._mark, self._seen
        query = text(STATE.format(written=HAS_OWN if mark else "true"))
        version, edit, has_own, revision = connection.execute(query, {"mark": mark} if mark else {}).one()
        # Later migrations than ours are named by later numbers (migrate.only_added_to).
        if not has_own or version < seen[0] or edit < seen[1] or revision < HEAD:
            return False
        self._note(version, edit)
        return True

    def saw(self, connection: Connection) -> None:
        """Note what a transaction on the primary sees."""
        try:
            with connection.begin_nested():
                version, edit, *_ = connection.execute(text(STATE.format(written="true"))).one()
        except SQLAlchemyError:  # a database without tables has shown nothing
            return
        self._note(version, edit)

    def _note(self, version: int, edit: int) -> None:
        with self._lock:
            self._seen = (max(version, self._seen[0]), max(edit, self._seen[1]))

    @staticmethod
    def mark(connection: Connection) -> str:
        """What a write transaction on the primary is known by."""
        return str(connection.execute(text("select cast(pg_current_xact_id() as text)")).scalar_one())

    def wrote(self, mark: str) -> None:
        """A transaction of this process was committed: whoever reads must see it. Writers come one after another."""
        with self._lock:
            self._mark = mark

    def failed(self, error: Exception) -> None:
        """It did not answer, or broke off: the primary answers for a while. Said once."""
        if not self._down:
            log.warning("The read replica (%s) does not answer; the primary does instead: %s", self.name, error)
        self._down, self._rests_until = True, time.monotonic() + REST

    def _answers(self, has_all: bool) -> None:
        """It answers, and holds all that it must or is behind: what is new in that, and lasts, is said once."""
        if self._down:
            log.warning("The read replica (%s) answers again.", self.name)
        self._down = False
        now = time.monotonic()
        since, self._behind_since = self._behind_since, None if has_all else self._behind_since or now
        if has_all:
            if self._behind_said:
                log.warning("The read replica (%s) has caught up.", self.name)
            self._behind_said = False
        elif now - (since or now) >= SHORT and not self._behind_said:
            log.warning("The read replica (%s) is behind; the primary answers instead.", self.name)
            self._behind_said = True
