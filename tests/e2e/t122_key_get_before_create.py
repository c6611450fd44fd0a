# SPDX-License-Identifier: MIT
from finding import main

main("key-get-before-create", "error", type="key", symbol=None, slot=True)
