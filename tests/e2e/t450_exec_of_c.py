# SPDX-License-Identifier: MIT
"""C's own ways to exec: a report before, the same outcome, and none where nothing is executed."""

import os

from e2e import equal, main

APP = """
import ctypes, errno, os, stat
import tss_get_before_create as bug
bug.run()
libc = ctypes.CDLL(None, use_errno=True)
def strings(*texts):
    return (ctypes.c_char_p * (len(texts) + 1))(*texts, None)
COMMAND = b"echo $WHO; exit 6"
arguments = strings(b"sh", b"-c", COMMAND)
environment = strings(b"WHO=new")
os.environ["WHO"] = "old"
{prepare}
result = libc.{call}
print(result, errno.errorcode[ctypes.get_errno()])
"""

# What is called, whose environment the shell has, and what comes before.
GOOD = (
    ('execl(b"/bin/sh", b"sh", b"-c", COMMAND, None)', "old", ""),
    ('execle(b"/bin/sh", b"sh", b"-c", COMMAND, None, environment)', "new", ""),
    ('execlp(b"sh", b"sh", b"-c", COMMAND, None)', "old", ""),
    ('execlp(b"/bin/sh", b"sh", b"-c", COMMAND, None)', "old", ""),
    ('execv(b"/bin/sh", arguments)', "old", ""),
    ('execve(b"/bin/sh", arguments, environment)', "new", ""),
    ('execvp(b"sh", arguments)', "old", ""),
    ('execvp(b"sh", arguments)', "old", 'os.environ["PATH"] = "/nonexistent:/dev/null:/bin"'),
    ('execvp(b"sh", arguments)', "old", 'os.unsetenv("PATH")'),
    ('execvp(b"sh", arguments)', "old", 'os.chdir("/bin"); os.environ["PATH"] = "/nonexistent:"'),
    ('execvpe(b"sh", arguments, environment)', "new", ""),
    ('fexecve(os.open("/bin/sh", os.O_RDONLY), arguments, environment)', "new", ""),
    ('execveat(os.open("/bin", os.O_RDONLY), b"sh", arguments, environment, 0)', "new", ""),
    ('execveat(-1, b"/bin/sh", arguments, environment, 0)', "new", ""),
)

# What is called, and errno then.
BAD = (
    ('execl(b"/nonexistent", b"sh", None)', "ENOENT"),
    ('execv(b"/bin", arguments)', "EACCES"),
    ('execlp(b"no-such-program", b"sh", None)', "ENOENT"),
    ('execlp(b"x" * 5000, b"sh", None)', "ENAMETOOLONG"),
    ('execvp(b"", arguments)', "ENOENT"),
    ('execvpe(b"no-such-program", arguments, environment)', "ENOENT"),
    ('fexecve(os.open("/bin", os.O_RDONLY), arguments, environment)', "EACCES"),
    ('execveat(99, b"sh", arguments, environment, 0)', "EBADF"),
)


def compare(python, call, prepare, outcome):
    """The same without the tool and with it. Returns that one."""
    app = APP.format(call=call, prepare=prepare)
    native = python.script(app, tool=None)
    equal((native.status, native.out, native.err), outcome, f"{call}: natively")
    run = python.script(app)
    equal((run.status, run.out, run.err), outcome, f"{call}: outcome")
    equal(run.report.kinds(), {"tss-get-before-create"}, f"{call}: found")
    equal([name for name in os.listdir(run.directory) if name.startswith("report.")],
          [f"report.{run.pid}.json"], f"{call}: reports")
    return run


def test(python):
    for call, who, prepare in GOOD:
        run = compare(python, call, prepare, (6, f"{who}\n", ""))
        equal(run.report.process["exit"], None, f"{call}: status that the report tells")
    for call, error in BAD:
        run = compare(python, call, "", (0, f"-1 {error}\n", ""))
        equal(run.report.process["exit"], 0, f"{call}: status that the report tells")


main(test)
