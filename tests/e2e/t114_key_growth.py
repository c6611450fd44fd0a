# SPDX-License-Identifier: MIT
from finding import main

main("key-growth", "leak", count=10, rounds=10, type="key", symbol=None, slot=True)
