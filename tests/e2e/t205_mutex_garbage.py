# SPDX-License-Identifier: MIT
from mutexes import main

main("mutex-garbage", "error", "run()", ("run",), count=3, rounds=3)
