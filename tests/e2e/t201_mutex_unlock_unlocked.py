# SPDX-License-Identifier: MIT
import signal

from mutexes import main

main("mutex-unlock-unlocked", "error", "hold()\nrun()", ("hold", "run"), status=-signal.SIGABRT)
