# SPDX-License-Identifier: MIT
from finding import main

main("key-delete-before-create", "error", type="key", symbol=None, slot=True)
