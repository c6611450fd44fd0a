# SPDX-License-Identifier: MIT
from finding import main

main("keys-nearly-exhausted", "warning", count=1, type=None, symbol=None)
