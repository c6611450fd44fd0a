# SPDX-License-Identifier: MIT
from finding import main

main("tss-free-unallocated", "error", steps=("create", "run"), symbol=None, count=1, rounds=1)
