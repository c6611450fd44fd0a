# SPDX-License-Identifier: MIT
from mutexes import main

main("mutex-long-wait", "note", "run()", ("run",), count=3, rounds=3, options={"long_wait": 60})
