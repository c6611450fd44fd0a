#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Records the golden traces anew, with a CPython 3.13 or later; as root, in namespaces of its own.

    PT_BUILD=BUILD record.py PYTHON [NAME]...

Each becomes tests/trace/NAME, and NAME.expected beside it: the table that intervals.py derives from it.
Read the table before you believe in it: it is what the views are held against.
"""

import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
import e2e  # noqa: E402
import intervals  # noqa: E402
import lttng  # noqa: E402

# Where the interpreter and the extensions are while they are recorded, for what traces tell of paths.
PYTHON, EXTENSIONS = "/opt/python", "/opt/extensions"
CONTEXTS = ("vpid", "vtid", "procname", "ip")
PROVIDERS = ("pythread:*", "pythread_statedump:*")

COMMON = """
import ctypes, sys, threading, time
functions = ctypes.CDLL(None)

def rename(name):
    functions.prctl(15, name.encode(), 0, 0, 0)  # PR_SET_NAME
"""

# Two processes, each with three threads that want one mutex.
CONTENTION = COMMON + """
import os
import mutex_bench

child = os.fork()
rename("parent" if child else "child")
mutex_bench.contend(3, 2000000 if child else 1000000, 2)
if child:
    os.waitpid(child, 0)
"""

# One thread holds a mutex and two wait for it when recording begins. Later worker-4 asks for it, and that
# it got it and gave it back is lost, as is that the main thread did.
LATE = COMMON + """
import os
os.sched_setaffinity(0, {0})
first, second = ctypes.c_ubyte(0), ctypes.c_ubyte(0)
lock, unlock = functions.PyMutex_Lock, functions.PyMutex_Unlock

def use(mutex, seconds):
    lock(ctypes.byref(mutex))
    time.sleep(seconds)
    unlock(ctypes.byref(mutex))

def work(name, *steps):
    rename(name)
    for mutex, seconds, ready in steps:
        ready.wait()
        use(mutex, seconds)

def start(name, *steps):
    thread = threading.Thread(target=work, args=(name, *steps))
    thread.start()
    time.sleep(0.02)
    return thread

def now():
    event = threading.Event()
    event.set()
    return event

def told(word):
    print(word, flush=True)
    assert sys.stdin.readline().strip() == word

rename("main")
again = threading.Event()
threads = [start("worker-1", (first, 0.5, now())), start("worker-2", (first, 0.005, now())),
           start("worker-3", (first, 0.005, now()))]
told("recording")
for thread in threads:
    thread.join()
lock(ctypes.byref(first))
told("stopped")
worker = start("worker-4", (first, 0, now()), (second, 0.002, again))
for _ in range(400):
    use(second, 0)
unlock(ctypes.byref(first))
time.sleep(0.05)
told("continued")
again.set()
worker.join()
use(first, 0.002)
"""

# Keys of each kind, some left behind, and what is found about them.
KEYS = COMMON + """
import annotated, tss_key_live, tss_set_after_delete, key_growth
rename("main")
annotated.run()
time.sleep(0.002)
tss_set_after_delete.run()
time.sleep(0.002)
tss_key_live.run()
for _ in range(9):
    time.sleep(0.001)
    key_growth.run()
"""


class Program:
    """A script that runs with the tool, told what to do by lines."""

    def __init__(self, daemon, directory, text):
        path = os.path.join(directory, "app.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        env = {**os.environ, **daemon.env, "LD_PRELOAD": e2e.LIBRARY, "PYTHONPATH": EXTENSIONS,
               "LD_LIBRARY_PATH": f"{PYTHON}/lib", "PYTHONDONTWRITEBYTECODE": "1",
               "PYTHREAD_TRACE_OPTIONS": "python_stack=off:quiet"}
        self.process = subprocess.Popen([f"{PYTHON}/bin/python3", "app.py"], cwd=directory, env=env,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        stderr=subprocess.DEVNULL)

    def hear(self, word):
        e2e.equal(self.process.stdout.readline().strip(), word, "word of the program")

    def tell(self, word):
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def end(self):
        self.process.communicate()
        return self.process.returncode


def simple(text):
    def record(daemon, directory):
        session = daemon.session(events=PROVIDERS, contexts=CONTEXTS)
        session.start()
        program = Program(daemon, directory, text)
        print("exit status", program.end())
        daemon.lttng("stop", session.name)
        return session.output
    return record


def late(daemon, directory):
    program = Program(daemon, directory, LATE)
    program.hear("recording")
    session = daemon.session(events=())
    session.lttng("enable-channel", "--userspace", "--subbuf-size=4096", "--num-subbuf=2", "small")
    for event in PROVIDERS:
        session.enable(event, "--channel=small")
    session.lttng("add-context", "--userspace", "--channel=small",
                  *(f"--type={context}" for context in CONTEXTS))
    session.start()
    program.tell("recording")
    program.hear("stopped")
    consumers = lttng._descendants(daemon.pid)
    for pid in consumers:
        os.kill(pid, signal.SIGSTOP)
    program.tell("stopped")
    program.hear("continued")
    for pid in consumers:
        os.kill(pid, signal.SIGCONT)
    program.tell("continued")
    print("exit status", program.end())
    daemon.lttng("stop", session.name)
    return session.output


TRACES = {"contention": simple(CONTENTION), "late": late, "keys": simple(KEYS)}


def keep(name, recorded):
    target = os.path.join(HERE, name)
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(target)
    for path in glob.glob(os.path.join(lttng.trace_of(recorded), "*")):
        if os.path.isfile(path):
            shutil.copyfile(path, os.path.join(target, os.path.basename(path)))
    events = intervals.read(target)
    with open(target + ".expected", "w", encoding="utf-8") as file:
        file.write(intervals.HEADING + "\n".join(intervals.Table(events).lines()) + "\n")
    print(name, len(events), "events", events.warnings)


def apart(python):
    """Goes on where the names of the machine and of places on it say nothing."""
    prefix = os.path.dirname(os.path.dirname(os.path.realpath(python)))
    os.environ["PT_GOLDEN"] = "1"
    script = 'hostname example && mount --bind "$1" "$2" && mount --bind "$3" "$4" && shift 4 && exec "$@"'
    made = [path for path in (PYTHON, EXTENSIONS) if not os.path.exists(path)]
    for path in made:
        os.makedirs(path)
    status = subprocess.call(["unshare", "--uts", "--mount", "sh", "-c", script, "sh", prefix, PYTHON,
                              e2e.EXTENSIONS, EXTENSIONS, sys.executable, "-B", *sys.argv])
    for path in made:
        os.rmdir(path)
    sys.exit(status)


def main():
    if len(sys.argv) < 2 or not os.access(sys.argv[1], os.X_OK):
        sys.exit("usage: record.py PYTHON [NAME]...")
    if not os.environ.get("PT_GOLDEN"):
        apart(sys.argv[1])
    lttng.enter()
    for name in sys.argv[2:] or TRACES:
        with tempfile.TemporaryDirectory() as directory, lttng.Daemon(directory) as daemon:
            keep(name, TRACES[name](daemon, directory))


main()
