"""What deploy/cpd@.service lets a replica ask of the kernel, put on this process as systemd would put it on a replica.

python -m tests.system_calls MODULE [ARGUMENT …] draws a chart under it and runs a module.
"""

import ctypes
import re
import runpy
import subprocess
import sys

import vl_convert

from data_access.settings import PROJECT

UNIT = PROJECT / "deploy" / "cpd@.service"
KILL, REFUSE, ALLOW = 0x80000000, 0x00050000, 0x7FFF0000  # of seccomp.h; REFUSE with an errno in it
EPERM = 1


def confine() -> None:
    """Kill this process, or refuse, as the unit says, at a system call that the unit does not allow."""
    unit = UNIT.read_text(encoding="utf-8")
    found = re.search(r"^SystemCallFilter=(.+)$", unit, flags=re.MULTILINE)
    assert found
    allowed: set[str] = set()
    for group in found.group(1).split():
        _add(group, allowed)
    refuse = re.search(r"^SystemCallErrorNumber=EPERM$", unit, flags=re.MULTILINE)
    lib = ctypes.CDLL("libseccomp.so.2")
    lib.seccomp_init.restype = ctypes.c_void_p
    lib.seccomp_rule_add.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint]
    lib.seccomp_load.argtypes = [ctypes.c_void_p]
    rules = lib.seccomp_init(ctypes.c_uint32(REFUSE | EPERM if refuse else KILL))
    numbers = [lib.seccomp_syscall_resolve_name(name.encode()) for name in allowed]
    for number in numbers:
        assert number < 0 or lib.seccomp_rule_add(rules, ALLOW, number, 0) == 0
    assert lib.seccomp_load(rules) == 0


def _add(group: str, allowed: set[str]) -> None:
    """Names of system calls in a group such as @system-service, with those of the groups in it."""
    listed = subprocess.run(["systemd-analyze", "syscall-filter", group], capture_output=True, text=True, check=True)
    for line in listed.stdout.splitlines()[1:]:
        word = line.split("#")[0].strip()
        if word.startswith("@"):
            _add(word, allowed)
        elif word:
            allowed.add(word)


if __name__ == "__main__":
    confine()
    drawn = vl_convert.svg_to_png(vl_convert.vegalite_to_svg({"data": {"values": [{}]}, "mark": "bar"}))
    assert drawn.startswith(b"\x89PNG")
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
