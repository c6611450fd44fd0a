# SPDX-License-Identifier: MIT
from finding import main

main("tss-key-live", "note", count=1, slot=True)
