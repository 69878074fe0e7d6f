"""The real nginx with deploy/nginx.conf: other ports, a certificate of the test's own, nothing else changed."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from data_access.settings import PROJECT
from tests.browser.server import free_port

PATIENCE = 10.0


def configured(folder: Path, ports: Sequence[int]) -> Path:
    """The folder with an nginx.conf for replicas on these ports, on the port that `port` tells."""
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed: `make browser` installs it where apt works")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-keyout", str(folder / "cpd.key"), "-out", str(folder / "cpd.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    site = (PROJECT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    changed = {
        "127.0.0.1:8501": f"127.0.0.1:{ports[0]}",
        "127.0.0.1:8502": f"127.0.0.1:{ports[1]}",
        "listen 443 ": f"listen 127.0.0.1:{free_port()} ",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "/etc/ssl/certs/cpd.pem": str(folder / "cpd.pem"),
        "/etc/ssl/private/cpd.key": str(folder / "cpd.key"),
        "cpd.example.org": "localhost",
        "/var/log/nginx/access.log cpd;": f"{folder}/requests.log cpd; access_log {folder}/access.log who;",
    }
    for old, new in changed.items():
        assert old in site, f"deploy/nginx.conf has no {old}"
        site = site.replace(old, new)
    temporary = " ".join(
        f"{what}_temp_path {folder}/{what};" for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1; daemon off; user root;\n"
        f"{_connections()}\n"
        "http { log_format who '$cookie_cpd_replica $upstream_addr';\n"
        f"{temporary}\n{site}\n}}\n",
        encoding="utf-8",
    )
    return folder


def _connections() -> str:
    """How many connections nginx keeps, as docs/deploy.md has it set."""
    documented = (PROJECT / "docs" / "deploy.md").read_text(encoding="utf-8")
    files, each = (
        re.search(rf"`({name} \d+;)`", documented) for name in ("worker_rlimit_nofile", "worker_connections")
    )
    assert files
    assert each
    return f"{files.group(1)} events {{ {each.group(1)} }}"


def port(folder: Path) -> int:
    """The port with TLS."""
    found = re.search(r"listen 127\.0\.0\.1:(\d+) ssl", (folder / "nginx.conf").read_text(encoding="utf-8"))
    assert found
    return int(found.group(1))


@contextmanager
def run(folder: Path, *, check_only: bool = False) -> Iterator[str]:
    """nginx, running until the end, or only asked what it says of its file."""
    command = ["nginx", "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    if check_only:
        yield subprocess.run([*command, "-t"], capture_output=True, text=True, check=False).stderr
        return
    process = subprocess.Popen(command)
    until = time.monotonic() + PATIENCE
    while not (folder / "nginx.pid").exists():
        assert process.poll() is None, (folder / "error.log").read_text(encoding="utf-8")
        assert time.monotonic() < until, "nginx does not start"
        time.sleep(0.05)
    try:
        yield ""
    finally:
        process.terminate()
        process.wait(PATIENCE)
