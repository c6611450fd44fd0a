# SPDX-License-Identifier: MIT
from finding import main

main("key-double-delete", "error",
     steps=("create", "drop", "run"), type="key", symbol=None, slot=True)
