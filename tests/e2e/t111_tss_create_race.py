# SPDX-License-Identifier: MIT
from finding import main

main("tss-create-race", "warning", count=None, rounds=1)
