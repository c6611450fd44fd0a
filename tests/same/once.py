# SPDX-License-Identifier: MIT
"""Runs a command once: natively, or under the tool.

Each run has folders of its own for its work, its temporary files and its home. As root it also has
processes, /run and /dev/shm of its own: nothing outlives it, and LTTng, which root has but one of in a
machine, is there for it alone. Native runs have the same, so that this makes no difference.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time

import findings

NATIVE = "native"
WAYS = ("run", "record")

_OWN_PLACES = "mount -t tmpfs -o mode=755 tmpfs /run && mount -t tmpfs -o mode=1777 tmpfs /dev/shm"
_APART = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--",
          # The shell stays, as the first process, to take in orphans.
          "sh", "-c", _OWN_PLACES + ' && { "$@"; exit $?; }', "sh"]


def _can_be_apart():
    return os.getuid() == 0 and shutil.which("unshare") and not subprocess.run(
        [*_APART, "true"], capture_output=True, check=False).returncode


class Run:
    """status: negative for a signal where that is known, None when it took too long. absent: what shows
    that the tool had no part in it, if it was an interpreter's; or None. used: of the time that it had,
    from 0 to 1."""

    def __init__(self, way, status, log, found, absent, used):
        self.way, self.status, self.log, self.found, self.absent = way, status, log, found, absent
        self.used = used


class Runner:
    """command: pythread-trace. logs: a folder, where what was printed stays."""

    def __init__(self, command, logs, timeout):
        """timeout: seconds, for one run."""
        self.lock, self.names = threading.Lock(), {}
        self.command, self.logs, self.timeout = command, logs, timeout
        self.apart = _APART if _can_be_apart() else []

    def run(self, argv, way, name, keep=(), env=None):
        """name: of the log. keep: names of files that argv writes into the folder it is started in;
        they are kept beside the log. "{work}" in an argument is that folder."""
        place = tempfile.mkdtemp(prefix="pt-same-")
        os.chmod(place, 0o755)  # some tests go on as another user
        try:
            return self._run(argv, way, self._new_log(f"{name}.{way}"), keep, env, place)
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def _new_log(self, name):
        """The first run of a name has it, others have a number, too."""
        with self.lock:
            self.names[name] = self.names.get(name, 0) + 1
            number = self.names[name]
        return os.path.join(self.logs, name + (f".{number}" if number > 1 else ""))

    def _run(self, argv, way, log, keep, env, place):
        folders = {name: os.path.join(place, name) for name in ("work", "tmp", "home", "tool")}
        for folder in folders.values():
            os.mkdir(folder)
        os.chmod(folders["tmp"], 0o1777)
        argv = [argument.replace("{work}", folders["work"]) for argument in argv]
        if way != NATIVE:
            argv = [*self._tool(way, folders["tool"]), *argv]
        start = time.monotonic()
        status = self._wait([*self.apart, *argv], self._environment(folders, env), folders["work"], log)
        used = (time.monotonic() - start) / self.timeout
        for name in keep:
            path = os.path.join(folders["work"], name)
            shutil.rmtree(f"{log}.{name}", ignore_errors=True)
            if os.path.exists(path):
                shutil.copy(path, f"{log}.{name}")
            elif os.path.exists(f"{log}.{name}"):
                os.remove(f"{log}.{name}")
        ended = status is not None and status >= 0  # or what it has to say at its end is not said
        absent = findings.absence(folders["tool"], way, log) if way != NATIVE and ended else None
        return Run(way, status, log, findings.read(folders["tool"]), absent, used)

    def _tool(self, way, folder):
        options = ["--format=json", f"--output={folder}/report.%p.json"]
        if way == "record":
            options.append(f"--trace={folder}/trace")
        return [self.command, way, *options, "--"]

    @staticmethod
    def _environment(folders, extra):
        kept = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"
                and not name.startswith(("PYTHON", "PYTHREAD_TRACE", "PT_", "MAKE", "LTTNG"))}
        return {**kept, "TMPDIR": folders["tmp"], "HOME": folders["home"], "LC_ALL": "C.UTF-8",
                "LTTNG_HOME": folders["home"], "PYTHONDONTWRITEBYTECODE": "1", **(extra or {})}

    def _wait(self, argv, env, work, log):
        with open(log, "wb") as out, \
             subprocess.Popen(argv, env=env, cwd=work, stdin=subprocess.DEVNULL, stdout=out,
                              stderr=subprocess.STDOUT, start_new_session=True) as process:
            try:
                status = process.wait(self.timeout)
            except subprocess.TimeoutExpired:
                status = None
            try:
                os.killpg(process.pid, signal.SIGKILL)  # what it left
            except ProcessLookupError:
                pass
        if self.apart and status is not None and status > 128:
            return 128 - status  # how the shell passes a signal on
        return status
