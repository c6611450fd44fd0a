# SPDX-License-Identifier: MIT
"""In a set-user-id program the environment is ignored: it is another user's word. By LD_PRELOAD the
library does not get there; by /etc/ld.so.preload, which root writes, it does, and watches: without
options, with no file, and without a look for session daemons at the other user's."""

import os
import shlex
import shutil
import socket
import subprocess

import e2e
import nobody
import set_user_id
from e2e import check, equal

APP = """
import os, tss_get_before_create as bug
bug.run()
with open("/proc/self/maps") as maps:
    print("set" if os.getuid() != os.geteuid() else "not set", "libpythread-trace.so" in maps.read())
print(os.environ["PYTHREAD_TRACE_OPTIONS"])
"""
FOUND = "ERROR: pythread-trace: tss-get-before-create: "


def preloaded_by_root(python, argv):
    """With an /etc that has nothing in it but what the dynamic linker reads."""
    etc = os.path.join(python.directory, "etc")
    os.makedirs(etc, exist_ok=True)
    if os.path.exists("/etc/ld.so.cache"):
        shutil.copy("/etc/ld.so.cache", etc)
    with open(os.path.join(etc, "ld.so.preload"), "w", encoding="utf-8") as file:
        file.write(e2e.LIBRARY + "\n")
    return ["unshare", "--mount", "sh", "-ec", f"mount --bind {etc} /etc\nexec {shlex.join(argv)}"]


class Daemon:
    """A session daemon's socket at the user's, of the oldest kind: LTTng's library looks for a newer one."""

    def __init__(self, python):
        home = os.path.join(python.directory, "lttng")
        places = os.path.join(home, ".lttng")
        os.makedirs(places)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(os.path.join(places, "lttng-ust-sock-8"))
        self.socket.listen()
        self.socket.setblocking(False)
        self.env = {"HOME": home, "LTTNG_HOME": home, "LTTNG_UST_APP_PATH": places}

    def was_asked(self):
        try:
            self.socket.accept()[0].close()
        except BlockingIOError:
            return False
        return True


def test(python):
    program = set_user_id.program(python, set_user_id.ROOT, nobody.COMMAND)
    daemon = Daemon(python)
    report = os.path.join(python.directory, "report")
    options = f"format=json:output={report}"
    env = {**set_user_id.environment(python), **daemon.env, "PYTHREAD_TRACE_OPTIONS": options}
    argv = [program, "-S", "-c", APP]

    run = python.start([*nobody.COMMAND, "env", f"LD_PRELOAD={e2e.LIBRARY}", *argv], env)
    equal((run.status, run.out, run.err), (0, f"set False\n{options}\n", ""), "result with LD_PRELOAD")

    probe = subprocess.run(["unshare", "--mount", "true"], capture_output=True, text=True, check=False)
    if probe.returncode:
        e2e.skip(f"no mount namespaces: {probe.stderr.strip()}")
    run = python.start(preloaded_by_root(python, [*nobody.COMMAND, *argv]), env)
    equal((run.status, run.out), (0, f"set True\n{options}\n"), "result with /etc/ld.so.preload")
    check(FOUND in run.err, "the library is there, and does not watch")
    check(not os.path.exists(report), "a user's option made another user write a file")
    check(not daemon.was_asked(), "the library looks for a session daemon where a user says")

    os.chmod(program, 0o755)
    run = python.start(preloaded_by_root(python, argv), env)
    equal((run.status, run.out, run.err), (0, f"not set True\n{options}:root={run.pid}\n", ""),
          "result of the same program when set-user-id is not set")
    equal(e2e.Report(report).kinds(), {"tss-get-before-create"}, "findings in its report")
    check(daemon.was_asked(), "there is nobody who could have been asked")


e2e.main(test)
