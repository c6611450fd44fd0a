# SPDX-License-Identifier: MIT
from finding import SIGSEGV, main

main("tss-null-key", "error", count=1, symbol=None, status=SIGSEGV)
