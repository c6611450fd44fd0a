# SPDX-License-Identifier: MIT
from finding import main

main("tss-get-before-create", "error")
