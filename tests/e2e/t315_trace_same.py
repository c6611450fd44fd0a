# SPDX-License-Identifier: MIT
"""A program does the same while it is recorded, and one that is not recorded has nothing of LTTng."""

import os
import shutil
import signal
import time

import e2e
import lttng
import mutexes
import tracing
from e2e import check, equal

PROGRAMS = {
    "status": "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)",
    "exception": "raise ValueError('so')",
    "signal": "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
    "abort": "import os; os.abort()",
    "threads": "import threading\nthreads = [threading.Thread(target=print, args=(i,)) for i in range(9)]\n"
               "for thread in threads: thread.start(); thread.join()",
    "subprocess": "import subprocess, sys\nprint(subprocess.run(['sh', '-c', 'echo $0; exit 3']))\n"
                  "print(subprocess.run([sys.executable, '-c', 'print(5); exit(4)']))",
    "preexec": "import os, subprocess\nfor _ in range(20):\n"
               "    print(subprocess.run(['true'], preexec_fn=os.getpid))",
    "exec": "import os; os.execvp('sh', ['sh', '-c', 'echo exec; exit 6'])",
    "signal handler": "import signal, time\nsignal.signal(signal.SIGALRM, lambda *_: print('alarm'))\n"
                      "signal.setitimer(signal.ITIMER_REAL, 0.05)\ntime.sleep(0.2)",
    "all files closed": "import os, time, calls_lazy\ncalls_lazy.run()\nos.closerange(3, 300)\n"
                        "time.sleep(0.2)\nprint(calls_lazy.run())\n"
                        "for file in range(3, 300):\n"
                        "    try:\n        os.close(file)\n    except OSError:\n        pass\n"
                        "time.sleep(0.2)\nprint(calls_lazy.run())",
    "daemon": "import os, sys, time, warnings, calls_lazy\nwarnings.simplefilter('ignore')\n"
              "if os.fork(): os._exit(0)\nos.setsid()\nif os.fork(): os._exit(0)\n"
              "os.closerange(3, 300)\nprint(calls_lazy.run())\nsys.stdout.flush()\ntime.sleep(0.2)",
    "files of others": "import os, subprocess\nfor how in {}, {'preexec_fn': os.getpid}:\n"
                       "    subprocess.run(['ls', '/proc/self/fd'], **how)\n"
                       "os.closerange(3, 500)\nos.execvp('ls', ['ls', '/proc/self/fd'])",
    "no file left": "import os, resource, sys\nresource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))\n"
                    "try:\n    while True: os.dup(0)\nexcept OSError: print('end')\nsys.exit(3)",
    "close that lasts": """import socket, struct, threading, time
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
server = listener.accept()[0]
client.setblocking(False)
try:
    while True: client.send(bytes(65536))
except BlockingIOError: pass
client.setblocking(True)
client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 4))
thread = threading.Thread(target=client.close)
thread.start()
time.sleep(0.3)
began = time.monotonic()
open("/dev/null").close()
print(time.monotonic() - began < 1, thread.is_alive())
server.close()
listener.close()
""",
    "clean": "import calls_lazy, calls_dlsym; print(calls_lazy.run(), calls_dlsym.run())",
}

# With PyMutex alone: threads that do not need the interpreter are in the midst of events.
FORKS = """
import mutex_bench, os, sys, threading, time, warnings
warnings.simplefilter("ignore")
thread = threading.Thread(target=mutex_bench.contend, args=(2, 100, 100000))
thread.start()
for _ in range(20):
    pid = os.fork()
    if not pid:
        sys.exit(0)
    assert os.waitpid(pid, 0)[1] == 0
thread.join()
print("forked")
"""

ERRNO = """
import ctypes
api = ctypes.PyDLL(None, use_errno=True)
api.PyThread_tss_alloc.restype = ctypes.c_void_p
key = ctypes.c_void_p(api.PyThread_tss_alloc())
byte = ctypes.c_uint8()
calls = [("PyThread_tss_create", key), ("PyThread_tss_set", key, ctypes.c_void_p(1)),
         ("PyThread_tss_get", key), ("PyThread_tss_is_created", key), ("PyThread_tss_delete", key),
         ("PyThread_tss_free", key)]
if {mutexes}:
    calls += [("PyMutex_Lock", ctypes.byref(byte)), ("PyMutex_Unlock", ctypes.byref(byte))]
for _ in range(3):
    for name, *arguments in calls:
        ctypes.set_errno(77)
        getattr(api, name)(*arguments)
        assert ctypes.get_errno() == 77, name
    key = ctypes.c_void_p(api.PyThread_tss_alloc())
print("kept")
"""

# Handlers that come at any time, in which keys are used.
HANDLERS = "import signal_handler; signal_handler.misuse_in_handler(); print('handled')"

MAPPED = """
import subprocess, sys
own = open("/proc/self/maps").read()
other = subprocess.run(["cat", "/proc/self/maps"], stdout=subprocess.PIPE, text=True).stdout
print("lttng" in own, "lttng" in other, "libpythread-trace.so" in other)
"""


def same(python, env):
    for name, program in PROGRAMS.items():
        native = python.script(program, tool=None, env=env)
        traced = python.script(program, tool="preload", env=env)
        for what in ("status", "out", "err"):
            equal(getattr(traced, what), getattr(native, what), f"{what} of {name}")
    run = python.script(ERRNO.format(mutexes=python.version >= mutexes.FIRST), tool="preload",
                        env=env)
    equal((run.status, run.out), (0, "kept\n"), "errno")
    run = python.script(HANDLERS, tool="preload", env=env)
    equal((run.status, run.out), (0, "handled\n"), "outcome of signal handlers")
    if python.version >= mutexes.FIRST:
        run = python.script(FORKS, tool="preload", env=env)
        equal((run.status, run.out), (0, "forked\n"), "outcome of forks amid events")


def alone(python):
    """The library without its provider: one line if it was asked for, else none."""
    folder = os.path.join(python.directory, "alone")
    os.mkdir(folder)
    library = shutil.copy(e2e.LIBRARY, folder)
    for tracer, lines in (("on", 1), ("auto", 0), ("off", 0)):
        env = {"LD_PRELOAD": library, "PYTHREAD_TRACE_OPTIONS": f"quiet:tracer={tracer}"}
        run = python.script("print(1)", tool=None, env=env)
        equal((run.status, run.out), (0, "1\n"), "outcome without the provider")
        said = [line for line in run.err.splitlines() if "libpythread-trace-lttng.so" in line]
        equal(len(said), lines, f"lines about the provider with tracer={tracer}: {run.err}")


def loaded(python, daemon):
    """What is mapped, by --tracer and whether there is a daemon; never in another program."""
    def mapped(tracer, env):
        run = python.script(MAPPED, tool="preload", env=env, options={"tracer": tracer})
        own, other, preloaded = run.out.split()
        equal((other, preloaded), ("False", "True"), "what is in a program without Python")
        return own == "True"
    nobody = {"LTTNG_HOME": os.path.join(python.directory, "nobody")}
    equal([mapped("auto", daemon.env), mapped("off", daemon.env), mapped("on", daemon.env)],
          [True, False, True], "loaded where there is a daemon")
    daemon.stop(signal.SIGKILL)  # its sockets stay
    equal([mapped("auto", daemon.env), mapped("auto", nobody), mapped("on", nobody)],
          [False, False, True], "loaded where there is none")


def stopped(python, daemon):
    """A daemon that does not answer delays a program's start, but not for ever."""
    os.kill(daemon.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        env = {**daemon.env, "LTTNG_UST_REGISTER_TIMEOUT": "300"}
        for _ in range(3):
            run = python.script("print(1)", tool="preload", env=env)
            equal((run.status, run.out), (0, "1\n"), "outcome with a daemon that is stopped")
        check(time.monotonic() - began < 20, f"{time.monotonic() - began} seconds")
    finally:
        os.kill(daemon.pid, signal.SIGCONT)


def test(python):
    with lttng.Daemon(python.directory) as daemon:
        session = daemon.session(contexts=tracing.CONTEXTS)
        session.start()
        same(python, daemon.env)
        tracing.named(session.stop())
        session.destroy()
        stopped(python, daemon)
        loaded(python, daemon)
    alone(python)


lttng.main(test, choose=e2e.one_of_each_build)
