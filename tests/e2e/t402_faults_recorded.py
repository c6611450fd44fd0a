# SPDX-License-Identifier: MIT
"""Calls of the tool's own fail, one at a time, in a program that is recorded, those of LTTng's
libraries among them: the program goes on, recorded or not. Where it is not, or not wholly, a line or
a number says so."""

import functools

import faults
import lttng
import reading
from e2e import check

APP = """
import sys, threading
import tss_set_before_create as bug, calls_lazy
bug.run()
thread = threading.Thread(target=calls_lazy.run)
thread.start()
thread.join()
print("out")
print("err", file=sys.stderr)
sys.exit(3)
"""

# LTTng closes the files of buffers that it cannot map, and does not forget them.
FILES = """
import os, time
time.sleep(1)
files = [os.open(os.__file__, os.O_RDONLY) for _ in range(50)]
for file in files:
    os.close(file)
"""


# LTTng may not be ready in time for a few of many runs. A fault that hides a run without a word does it
# again.
TIMES = 4


# What has no name it cannot be told from; it may not be closed then.
PIPES = """
import errno, os, time
time.sleep(1)
for end in [end for _ in range(25) for end in os.pipe()]:
    try:
        os.close(end)
    except OSError as error:
        assert error.errno == errno.EBADF
"""


def close_files(python, env):
    for text in FILES, PIPES:
        program = faults.Recorded(python, text, env=env)
        maps = [place for place in program.places if place.of_lttng and place.function == "mmap"]
        check(maps, "LTTng maps nothing")
        for place in maps:
            program.fail(f"places={place.number}")


def recorded(daemon, work):
    """What the trace of that work tells."""
    session = daemon.session(events=reading.EVENTS, contexts=reading.CONTEXTS)
    session.start()
    work()
    daemon.lttng("stop", session.name)
    session.destroy()
    return reading.Read(session.output)


def first(python, env):
    program = faults.Recorded(python, APP, env=env)
    # LTTng's listeners above all: its library's end takes for granted that they are there.
    for place in program.places:
        if place.function == "pthread_create":
            program.fail(f"place={place.number}")
    program.verify()
    return program


def again(program, faults_of):
    """After one that is recorded whole, without which a trace may be none."""
    program.run()
    for fault in faults_of:
        program.fail(fault)


def test(python):
    faults.needed()
    with lttng.Daemon(python.directory) as daemon:
        env = {**daemon.env, "LTTNG_UST_REGISTER_TIMEOUT": "2000"}
        programs = []
        read = recorded(daemon, lambda: (close_files(python, env), programs.append(first(python, env))))
        unsaid = programs[0].unsaid(read)
        for _ in range(1, TIMES):
            if unsaid:
                read = recorded(daemon, functools.partial(again, programs[0], unsaid))
                unsaid = programs[0].unsaid(read)
        check(not unsaid, f"in none of {TIMES} traces there is what happened, and nothing says so: {unsaid}")


lttng.main(test, choose=lambda found: faults.choose(found)[:1])
