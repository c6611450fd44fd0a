# SPDX-License-Identifier: MIT
from finding import main

main("tss-set-after-delete", "error", steps=("create", "drop", "run"))
