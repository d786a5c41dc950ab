"""What a process that reads other people's files gives up, by the means of the Linux kernel.

Each function takes away one thing for good and says whether the kernel let it. None of them needs
privileges, and none is relied upon alone.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 1, 38, 22
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
LANDLOCK = 444
"""System call numbers are the same on every machine from 424 on: create, add a rule, restrict."""
READ_FILE, READ_FOLDER, TRUNCATE = 1 << 2, 1 << 3, 1 << 14
WRITES = 0b1111111110010
"""Write to, remove and make files and folders of every kind."""
OF_A_FILE = 0b111 | TRUNCATE
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
"""Rights over files that each version of Landlock knows; 16 from version 5 on."""
TCP, OUTWARD = 0b11, 0b11

# socket, execve, execveat, ptrace, process_vm_readv and _writev, io_uring_setup, bpf, unshare,
# setns, mount: none is needed to read a file.
FORBIDDEN_CALLS: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (0xC000003E, (41, 59, 322, 101, 310, 311, 425, 321, 272, 308, 165)),
    "aarch64": (0xC00000B7, (198, 221, 281, 117, 270, 271, 425, 280, 97, 268, 40)),
}
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
KILL, REFUSE, ALLOW = 0x80000000, 0x00050000 | 13, 0x7FFF0000
FOREIGN_CALLS = 0x40000000

AUDITED = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec",
           "os.posix_spawn")  # fmt: skip


def with_parent() -> None:
    """End when the process that started this one ends."""
    if sys.platform == "linux":
        _libc().prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def no_network() -> bool:
    """Move into a network of its own that has no way out; must come before the first thread."""
    if sys.platform != "linux":
        return False
    user, group = os.getuid(), os.getgid()
    if _libc().unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        return False
    for name, text in (
        ("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")
    ):  # fmt: skip
        try:
            Path(f"/proc/self/{name}").write_text(text, encoding="ascii")
        except OSError:
            return True  # without a map the process is nobody, which is no less confined
    return True


def no_files(read: Sequence[Path], write: Path) -> bool:
    """Leave only some files and folders to read, and one folder to write; nothing to execute."""
    libc = _libc()
    version = libc.syscall(LANDLOCK, None, 0, 1) if sys.platform == "linux" else -1
    if version < 1:
        return False
    rights = (1 << FILE_RIGHTS.get(version, 16)) - 1
    asked = struct.pack("QQQ", rights, TCP if version >= 4 else 0, OUTWARD if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    rules = libc.syscall(LANDLOCK, asked[:size], size, 0)
    if rules < 0:
        return False
    for path in read:
        _allow(libc, rules, path, READ_FILE | READ_FOLDER)
    _allow(libc, rules, write, (READ_FILE | READ_FOLDER | WRITES | TRUNCATE) & rights)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    held = libc.syscall(LANDLOCK + 2, rules, 0) == 0
    os.close(rules)
    return held


def no_calls() -> bool:
    """Refuse the system calls that reach out: sockets, other programs, other processes."""
    known = FORBIDDEN_CALLS.get(platform.machine()) if sys.platform == "linux" else None
    if known is None:
        return False
    machine, calls = known
    steps = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, machine), (RETURN, 0, 0, KILL), (LOAD, 0, 0, 0)]
    steps += [(AT_LEAST, 0, 1, FOREIGN_CALLS), (RETURN, 0, 0, KILL)]
    steps += [step for call in calls for step in ((EQUAL, 0, 1, call), (RETURN, 0, 0, REFUSE))]
    program = b"".join(struct.pack("HBBI", *step) for step in [*steps, (RETURN, 0, 0, ALLOW)])
    buffer = ctypes.create_string_buffer(program)
    filters = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    libc = _libc()
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return libc.prctl(PR_SET_SECCOMP, 2, ctypes.c_char_p(filters), 0, 0) == 0


def no_python_calls() -> None:
    """Refuse the same from Python itself, where the kernel cannot."""

    def refuse(event: str, _: Any) -> None:
        if event in AUDITED:
            raise PermissionError(f"{event} is not for a process that reads files")

    sys.addaudithook(refuse)


def limits(memory_bytes: int, seconds: int) -> None:
    """Limit memory beyond what is held now, processor time, size of a file; no core dumps."""
    import resource

    held = _address_space()
    processors = os.cpu_count() or 1
    for what, most, last in (
        (resource.RLIMIT_AS, held + memory_bytes, 0), (resource.RLIMIT_FSIZE, memory_bytes, 0),
        (resource.RLIMIT_CPU, seconds * processors, 5), (resource.RLIMIT_CORE, 0, 0),
    ):  # fmt: skip
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        over = most + last if hard == resource.RLIM_INFINITY else min(most + last, hard)
        resource.setrlimit(what, (most, over))


def _address_space() -> int:
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _allow(libc: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    if not path.exists():
        return
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    given = rights if path.is_dir() else rights & OF_A_FILE
    libc.syscall(LANDLOCK + 1, rules, 1, struct.pack("=Qi", given, opened), 0)
    os.close(opened)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
