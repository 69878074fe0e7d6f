"""How many heaps of the C library the threads of the service have."""

import ctypes
import subprocess
import sys

import pytest

from data_access.settings import PROJECT
from exports.service.__main__ import HEAPS

# Each thread asks for memory while all live; then glibc lists its heaps.
THREADS = """
import ctypes, threading
libc, barrier = ctypes.CDLL(None), threading.Barrier(6)
libc.malloc.restype = libc.tmpfile.restype = ctypes.c_void_p
def ask():
    libc.malloc(5000)
    barrier.wait()
threads = [threading.Thread(target=ask) for _ in range(6)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
listed = ctypes.c_void_p(libc.tmpfile())
libc.malloc_info(0, listed)
libc.rewind(listed)
text = ctypes.create_string_buffer(100_000)
libc.fread(text, 1, len(text), listed)
print(text.value.count(b"<heap nr="))
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="the C library here is not glibc")
def test_threads_share_few_heaps() -> None:
    few = "from exports.service.__main__ import few_heaps\nfew_heaps()\n"

    def heaps(code: str) -> int:
        return int(subprocess.check_output([sys.executable, "-c", code], cwd=PROJECT, timeout=60))

    assert heaps(few + THREADS) <= HEAPS < heaps(THREADS)
