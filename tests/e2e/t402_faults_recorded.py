# SPDX-License-Identifier: MIT
"""Calls of the tool's own fail, one at a time, in a program that is recorded, those of LTTng's
libraries among them: the program goes on, recorded or not. Where it is not, or not wholly, a line or
a number says so."""

import e2e
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


def close_files(python, env):
    program = faults.Recorded(python, FILES, env=env)
    maps = [place for place in program.places if place.of_lttng and place.function == "mmap"]
    check(maps, "LTTng maps nothing")
    for place in maps:
        program.fail(f"places={place.number}")


def test(python):
    faults.needed()
    with lttng.Daemon(python.directory) as daemon:
        session = daemon.session(events=reading.EVENTS, contexts=reading.CONTEXTS)
        session.start()
        env = {**daemon.env, "LTTNG_UST_REGISTER_TIMEOUT": "2000"}
        close_files(python, env)
        program = faults.Recorded(python, APP, env=env)
        # LTTng's listeners above all: its library's end takes for granted that they are there.
        for place in program.places:
            if place.function == "pthread_create":
                program.fail(f"place={place.number}")
        program.verify()
        daemon.lttng("stop", session.name)
        session.destroy()
        program.account_trace(reading.Read(session.output))


lttng.main(test, choose=lambda found: faults.choose(found)[:1])
