# SPDX-License-Identifier: MIT
"""A key has the number that it has without the tool: LTTng's own keys are not in front of it."""

import lttng
import recording
from e2e import equal

NUMBER = "import ctypes\nprint(ctypes.pythonapi.PyThread_create_key())\n"


def test(python):
    program = recording.script(python, NUMBER)
    alone = python.start(program)
    recorded = recording.run(python, program)
    equal((alone.status, recorded.status), (0, 0), "exit statuses")
    equal(recorded.out, alone.out, "number of the key")


lttng.main(test)
