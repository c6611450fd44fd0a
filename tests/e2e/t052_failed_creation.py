# SPDX-License-Identifier: MIT
"""A key whose creation failed: the use of it tells of the failure too."""

import finding

finding.main("tss-get-before-create", "error", steps=("create", "run"),
             source="tss_create_failed", extra=("keys-nearly-exhausted", "keys-exhausted"))
