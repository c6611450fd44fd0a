# SPDX-License-Identifier: MIT
from finding import main

main("key-set-before-create", "error", type="key", symbol=None, slot=True)
