# SPDX-License-Identifier: MIT
from mutexes import main

main("mutex-long-hold", "note", "run()", ("run",), count=3, rounds=3, options={"long_hold": 60})
