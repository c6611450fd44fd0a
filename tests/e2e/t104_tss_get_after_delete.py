# SPDX-License-Identifier: MIT
from finding import main

main("tss-get-after-delete", "error", steps=("create", "drop", "run"))
