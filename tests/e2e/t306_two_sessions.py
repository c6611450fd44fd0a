# SPDX-License-Identifier: MIT
"""Two sessions at once: each is whole, whichever begins or ends first."""

import e2e
import lttng
from e2e import check, equal

RUN = "import calls_lazy\ncalls_lazy.run()\n"
MAKE = "import annotated\nannotated.run()\n"


def creations(trace):
    return len([event for event in trace.named("tss_create") if "calls_lazy" in event["module"]])


def dumps(trace):
    starts = trace.named("pythread_statedump:start")
    equal(len(starts), len(trace.named("pythread_statedump:end")), "statedumps that end")
    return len(starts)


def knows_key(trace):
    return "the annotated cache" in {event["name"]
                                     for event in trace.named("pythread_statedump:key")}


def test(python):
    with lttng.Daemon(python.directory) as daemon:
        first = daemon.session("first")
        first.start()
        with lttng.Python(python, daemon.env) as program:
            program.tell(MAKE)
            program.tell(RUN)
            second = daemon.session("second", events=["pythread:tss_*", "pythread_statedump:*"])
            second.start()
            program.tell(RUN)
            trace = first.stop()
            first.destroy()
            program.tell(RUN)
            equal(program.end(), 0, "exit status")
        equal(creations(trace), 2, "creations while the first recorded")
        check("pythread_statedump:process" in trace.names(), "no statedump in the first")
        late = second.stop()
        equal(creations(late), 2, "creations while the second recorded")
        equal(dumps(late), 1, "statedumps in the second")
        check(knows_key(late), "a key from before is not in the second's statedump")
        check(dumps(trace) >= 1, "no statedump in the first")


lttng.main(test, choose=e2e.one_of_each_build)
