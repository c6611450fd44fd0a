# SPDX-License-Identifier: MIT
from finding import main

main("key-live", "note", type="key", symbol=None, slot=True)
