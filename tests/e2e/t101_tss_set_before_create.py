# SPDX-License-Identifier: MIT
from finding import main

main("tss-set-before-create", "error")
