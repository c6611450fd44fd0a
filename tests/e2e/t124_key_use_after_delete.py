# SPDX-License-Identifier: MIT
from finding import main

main("key-use-after-delete", "error",
     steps=("create", "drop", "run"), type="key", symbol=None, slot=True)
