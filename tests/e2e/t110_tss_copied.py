# SPDX-License-Identifier: MIT
from finding import main

main("tss-copied", "warning", steps=("create", "run"), symbol="copied_key")
