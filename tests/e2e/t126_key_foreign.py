# SPDX-License-Identifier: MIT
from finding import main

main("key-foreign", "warning", steps=("create", "run"), type="key", symbol=None, slot=True)
