# SPDX-License-Identifier: MIT
from finding import main

main("tss-value-left", "note", steps=("create", "run"), slot=True)
