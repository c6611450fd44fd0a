# SPDX-License-Identifier: MIT
from finding import main

main("tss-double-free", "error", steps=("create", "drop", "run"), symbol=None)
