# SPDX-License-Identifier: MIT
"""With LTTng's own helper libraries for fork and dl preloaded, and without: children are recorded."""

import e2e
import lttng
from e2e import check, equal

APP = """
import os, calls_lazy

def child(fork, status):
    pid = fork()
    if not pid:
        assert calls_lazy.run() == 0
        os._exit(status)
    assert os.WEXITSTATUS(os.waitpid(pid, 0)[1]) == status
    return pid

print(child(os.fork, 3), child(lambda: os.forkpty()[0], 4), flush=True)
"""
HELPERS = ("liblttng-ust-fork.so", "liblttng-ust-dl.so")


def test(python):
    with lttng.Daemon(python.directory) as daemon:
        for number, before in enumerate(((), HELPERS)):
            session = daemon.session(contexts=["vpid", "vtid"],
                                     events=["pythread:*", "pythread_statedump:*", "lttng_ust_dl:*"])
            session.start()
            with lttng.Python(python, daemon.env, before=before) as program:
                program.say(repr(APP) + "\n")
                children = [int(word) for word in program.hear().split()]
                equal(program.hear(), "done\n", "answer")
                equal(program.end(), 0, "exit status")
            trace = session.stop()
            for pid in children:
                ours = [event for event in trace if event.context["vpid"] == pid]
                made = [event for event in ours if event.name == "pythread:tss_create"
                        and "calls_lazy" in event["module"]]
                equal([event.context["vtid"] for event in made], [pid], f"creations with {before}")
                check("pythread_statedump:process" in {event.name for event in ours},
                      f"no statedump of a child with {before}")
            equal("lttng_ust_dl:dlopen" in trace.names(), bool(number), "dlopen is recorded")
            session.destroy()


lttng.main(test, choose=e2e.one_of_each_build)
