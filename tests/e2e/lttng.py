# SPDX-License-Identifier: MIT
"""LTTng for tests: a session daemon, relay daemons and traces that are the test's own.

A test that uses this ends with lttng.main(test) in place of e2e.main(test). As root, for whom LTTng
has one place in the machine, it runs in namespaces of its own, where that place is empty and where
nothing outlives the test; as a user the daemon's home is the test's directory. A test without the
rights or the tools for this is skipped.

    with lttng.Daemon(python.directory) as daemon:
        session = daemon.session(events=["pythread:*"], contexts=["vpid", "vtid"])
        session.start()
        python.script(APP, tool="preload", env=daemon.env)
        for event in session.stop():
            print(event.ns, event.name, event["mutex"], event.context["vtid"])
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from xml.etree import ElementTree

import bt2text
import e2e

PROVIDER = os.path.join(e2e.BUILD, "tracepoints", ".libs", "libpythread-trace-lttng.so")
EMIT = os.path.join(e2e.BUILD, "tests", "trace", "emit")
TOOLS = ("lttng", "lttng-sessiond", "lttng-relayd", "babeltrace2")

# As root: the place of LTTng's sockets, and the memory that its libraries find each other by.
_OWN_PLACES = "mount -t tmpfs -o mode=755 tmpfs /var/run && mount -t tmpfs -o mode=1777 tmpfs /dev/shm"
_APART = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--"]
_INSIDE = "PT_LTTNG_INSIDE"

TIMEOUT = 60
NOT_OURS = "only as root has a test LTTng to itself"


def _skip_all(reason):
    print(f"SKIP: {reason}")
    sys.exit(e2e.EXIT_SKIPPED)


def enter():
    """Goes on in namespaces of its own when that is needed, by starting the test again there."""
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        _skip_all(f"not installed: {' '.join(missing)} (Debian packages lttng-tools, babeltrace2)")
    if os.getuid() != 0 or os.environ.get(_INSIDE):
        return
    if not shutil.which("unshare"):
        _skip_all("unshare is not installed, which keeps LTTng apart from the machine's as root")
    probe = subprocess.run([*_APART, "sh", "-c", _OWN_PLACES], capture_output=True, text=True,
                           check=False)
    if probe.returncode:
        _skip_all(f"no namespaces to keep LTTng apart in: {probe.stderr.strip()}")
    os.environ[_INSIDE] = "1"
    # The shell stays, as the first process, to take in orphans.
    os.execvp("unshare", [*_APART, "sh", "-c", f'{_OWN_PLACES} || exit 1; "$@"; exit $?', "sh",
                          sys.executable, *(["-B"] if sys.dont_write_bytecode else []), *sys.argv])


def is_ours(python, part):
    """Whether every daemon of LTTng that a test sees is its own, as it is for root; else it has to do
    without this part."""
    if not os.environ.get(_INSIDE):
        python.lacks(f"{part}: {NOT_OURS}")
    return bool(os.environ.get(_INSIDE))


def main(test, **which):
    """e2e.main for tests that use this module."""
    enter()
    e2e.main(test, **which)


def wait_until(condition, what, timeout=TIMEOUT):
    """Polls; returns what the condition returns."""
    end = time.monotonic() + timeout
    while True:
        answer = condition()
        if answer:
            return answer
        e2e.check(time.monotonic() < end, f"waited {timeout} seconds for {what}")
        time.sleep(0.02)


def _descendants(pid):
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        children.setdefault(parent, []).append(int(name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found[1:]


class _Program:
    """A daemon that runs as our child, with its output in a file."""

    def __init__(self, argv, env, log):
        self.argv, self.log = argv, log
        with open(log, "wb") as file:
            self.process = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL, stdout=file,
                                            stderr=subprocess.STDOUT)

    @property
    def pid(self):
        return self.process.pid

    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def ready(self, condition):
        def look():
            e2e.check(self.process.poll() is None, f"{self.argv[0]} ended: {self.said()}")
            return condition()
        try:
            wait_until(look, self.argv[0])
        except BaseException:
            self.stop(signal.SIGKILL)
            raise

    def stop(self, number=signal.SIGTERM):
        """Ends it and what it started. With SIGTERM it has time to write what it still holds."""
        started = _descendants(self.pid)
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pid in started:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


class Daemon:
    """A session daemon. env is what programs that shall find it need besides their own."""

    def __init__(self, directory, home="lttng"):
        self.home = os.path.join(directory, home)
        self.env = {"LTTNG_HOME": self.home, "LTTNG_UST_REGISTER_TIMEOUT": "30000"}
        self.program = None
        self.trace_format = []
        self.sessions = 0
        self.starts = 0

    def __enter__(self):
        os.makedirs(self.home, exist_ok=True)
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def _environment(self):
        kept = {name: value for name, value in os.environ.items()
                if name != "LD_PRELOAD" and not name.startswith(("LTTNG", "PYTHREAD_TRACE"))}
        return {**kept, **self.env, "LC_ALL": "C.UTF-8"}

    @property
    def pid(self):
        return self.program.pid

    def start(self):
        self.starts += 1
        self.program = _Program(["lttng-sessiond", "--no-kernel"], self._environment(),
                                os.path.join(self.home, f"sessiond.{self.starts}.log"))
        self.program.ready(lambda: self._run("list").returncode == 0)
        # Newer ones have another format, which not every reader knows.
        known = "--trace-format" in self.lttng("create", "--list-options")
        self.trace_format = ["--trace-format=ctf-1.8"] if known else []

    def stop(self, number=signal.SIGTERM):
        """SIGKILL: as if it crashed; what it started is killed too."""
        if self.program:
            self.program.stop(number)
            self.program = None

    def _consumers(self):
        for name in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat", encoding="utf-8") as file:
                command, _, others = file.read().partition("(")[2].rpartition(")")
                if command.startswith("lttng-consumerd") and int(others.split()[1]) == self.pid:
                    yield int(name)

    @contextlib.contextmanager
    def unread(self):
        """Meanwhile nobody empties the buffers of the programs that are recorded already."""
        pids = list(self._consumers())
        e2e.check(pids, "no consumer daemon is there")
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def _run(self, *arguments):
        return subprocess.run(["lttng", "--no-sessiond", *arguments], env=self._environment(),
                              cwd=self.home, capture_output=True, text=True, check=False,
                              timeout=TIMEOUT)

    def lttng(self, *arguments):
        """What the command writes. It must succeed."""
        run = self._run(*arguments)
        e2e.equal(run.returncode, 0, f"lttng {' '.join(arguments)}: {run.stdout}{run.stderr}")
        return run.stdout

    def session(self, name=None, events=("pythread:*", "pythread_statedump:*"), contexts=(),
                create=(), output=None):
        """A session that is not started yet. create: more options of "lttng create"; with an URL
        among them (or output=""), the trace is not in session.output."""
        self.sessions += 1
        return Session(self, name or f"session{self.sessions}", events, contexts, create, output)

    def listed(self):
        """What "lttng list" has on each registered program, as XML, for text differs by version:
        {pid: element}. Without the namespace."""
        text = self.lttng("--mi=xml", "list", "--userspace", "--fields")
        root = ElementTree.fromstring(re.sub(r' xmlns="[^"]*"', "", text, count=1))
        return {int(program.findtext("id")): program for program in root.iter("pid")}

    def wait_for_program(self, pid):
        wait_until(lambda: pid in self.listed(), f"process {pid} at the session daemon")


class Session:
    def __init__(self, daemon, name, events, contexts, create, output):
        self.daemon, self.name = daemon, name
        self.output = os.path.join(daemon.home, name) if output is None else output
        place = [f"--output={self.output}"] if self.output else []
        daemon.lttng("create", name, *place, *daemon.trace_format, *create)
        for event in events:
            self.enable(event)
        for context in contexts:
            self.lttng("add-context", "--userspace", f"--type={context}")

    def lttng(self, command, *arguments):
        return self.daemon.lttng(command, f"--session={self.name}", *arguments)

    def enable(self, event, *options):
        """options: as --filter=... or --loglevel-only=..."""
        self.lttng("enable-event", "--userspace", event, *options)

    def start(self):
        self.daemon.lttng("start", self.name)

    def stop(self):
        """Returns what was recorded, if that is in self.output."""
        self.daemon.lttng("stop", self.name)
        return self.read() if self.output else None

    def read(self):
        return read(self.output)

    def destroy(self):
        self.daemon.lttng("destroy", self.name)


class Relay:
    """A relay daemon on the loopback interface."""

    def __init__(self, directory, home="relay", ports=None):
        self.home = os.path.join(directory, home)
        self.output = os.path.join(self.home, "traces")
        self.ports = ports or free_ports(3)
        self.program = None
        self.starts = 0

    def __enter__(self):
        os.makedirs(self.output, exist_ok=True)
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        control, data, live = self.ports
        self.starts += 1
        env = {**os.environ, "LTTNG_HOME": self.home, "LC_ALL": "C.UTF-8"}
        self.program = _Program(
            ["lttng-relayd", f"--control-port=tcp://127.0.0.1:{control}",
             f"--data-port=tcp://127.0.0.1:{data}", f"--live-port=tcp://127.0.0.1:{live}",
             f"--output={self.output}"],
            env, os.path.join(self.home, f"relayd.{self.starts}.log"))
        self.program.ready(lambda: all(_listens(port) for port in self.ports))

    def stop(self, number=signal.SIGTERM):
        if self.program:
            self.program.stop(number)
            self.program = None

    @property
    def url(self):
        """Where senders send to."""
        return f"net://127.0.0.1:{self.ports[0]}:{self.ports[1]}"

    @property
    def listing_url(self):
        """What babeltrace2 lists its sessions for."""
        return f"net://127.0.0.1:{self.ports[2]}"

    def live_url(self, session, host=None):
        """What babeltrace2 reads while the session records."""
        return f"net://127.0.0.1:{self.ports[2]}/host/{host or socket.gethostname()}/{session}"


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _listens(port):
    """Looked up, not tried: a connection would be one to the daemon."""
    with open("/proc/net/tcp", encoding="ascii") as file:
        return any(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A"
                   for line in file.readlines()[1:])


def trace_of(path):
    """The one trace below that folder."""
    return e2e.one([folder for folder, _, files in os.walk(path) if "metadata" in files],
                   f"traces in {path}")


def read(*paths, arguments=()):
    """The events of traces, in order, as a bt2text.Trace."""
    return bt2text.Trace(_babeltrace(*bt2text.OPTIONS, *arguments, *paths))


def count(*paths):
    """How many events there are, without a look at them."""
    run = _babeltrace("--component=sink.utils.counter", "--params=step=+0", *paths)
    return int(e2e.matches(r"^\s*(\d+) Event messages", run.stdout, "count").group(1))


def _babeltrace(*arguments):
    run = subprocess.run(["babeltrace2", *arguments], capture_output=True, text=True, check=False,
                         errors="replace", env={**os.environ, "LC_ALL": "C.UTF-8"})
    e2e.equal(run.returncode, 0, f"babeltrace2 {' '.join(arguments)}: {run.stderr[-2000:]}")
    return run


class _Told:
    """A program that is told what to do line by line."""

    def __init__(self, argv, env):
        self.process = subprocess.Popen(argv, env=env, stdin=subprocess.PIPE, text=True,
                                        stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    @property
    def pid(self):
        return self.process.pid

    def say(self, text):
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def hear(self):
        """The next line of its standard output; what is not read yet must fit into a pipe."""
        return self.process.stdout.readline()

    def end(self):
        """The exit status."""
        self.process.stdin.close()
        return self.process.wait(TIMEOUT)


class Emit(_Told):
    """tests/trace/emit."""

    def __init__(self, daemon, provider=PROVIDER):
        super().__init__([EMIT, provider], {**os.environ, **daemon.env})

    def tell(self, script):
        """Does these lines, and waits until they are done."""
        self.say(script.rstrip("\n") + "\nprint done\n")
        e2e.equal(self.hear(), "done\n", "answer of emit")


def emit(daemon, script):
    """Runs a script to its end."""
    with Emit(daemon) as program:
        program.tell(script)
        e2e.equal(program.end(), 0, "exit status of emit")
        return program.pid


_LISTEN = """
import sys
for line in sys.stdin:
    exec(eval(line))
    print("done", flush=True)
"""


class Python(_Told):
    """An interpreter with the library preloaded, with libraries of LTTng's before it if need be."""

    def __init__(self, python, env, before=(), options=None):
        self.report = os.path.join(tempfile.mkdtemp(dir=python.directory), "report.json")
        options = e2e.as_variable({"format": "json", "output": self.report, **(options or {})})
        super().__init__([python.path, "-c", _LISTEN],
                         {**os.environ, "PYTHONPATH": python.extensions,
                          # LTTng's threads are threads for a warning at fork.
                          "PYTHONWARNINGS": "ignore", "PYTHONDONTWRITEBYTECODE": "1",
                          "PYTHREAD_TRACE_OPTIONS": options,
                          "LD_PRELOAD": " ".join([*before, e2e.LIBRARY]), **env})

    def tell(self, program):
        """Runs these lines, and waits until they are done."""
        self.say(repr(program) + "\n")
        e2e.equal(self.hear(), "done\n", f"answer to {program!r}")
