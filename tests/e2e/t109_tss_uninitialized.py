# SPDX-License-Identifier: MIT
from finding import main

main("tss-uninitialized", "error")
