# SPDX-License-Identifier: MIT
from finding import main

main("tss-key-growth", "leak", count=10, rounds=10, symbol="cache_keys", slot=True)
