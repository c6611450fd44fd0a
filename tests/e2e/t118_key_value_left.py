# SPDX-License-Identifier: MIT
from finding import main

main("key-value-left", "note", steps=("create", "run"), type="key", symbol=None, slot=True)
