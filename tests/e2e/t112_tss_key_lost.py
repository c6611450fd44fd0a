# SPDX-License-Identifier: MIT
from finding import main

main("tss-key-lost", "leak", steps=("create", "run"), count=1, rounds=1, slot=True)
