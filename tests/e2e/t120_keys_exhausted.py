# SPDX-License-Identifier: MIT
from finding import main

main("keys-exhausted", "error", extra=("keys-nearly-exhausted",))
