# SPDX-License-Identifier: MIT
from finding import main

main("tss-use-after-free", "error", steps=("create", "drop", "run"), symbol=None)
