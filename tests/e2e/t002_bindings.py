# SPDX-License-Identifier: MIT
"""However a call is bound, it is seen: lazily, eagerly, without PLT, by a table, by dlsym."""

import e2e
from e2e import check, equal

APP = """
import calls_{how} as calls
for turn in range({turns}):
    assert calls.run() == 0
"""


def test(python):
    for how in ("lazy", "now", "noplt", "pointer", "dlsym"):
        few, many = (python.same_as_native(APP.format(how=how, turns=turns)).report
                     for turns in (2, 9))
        more = many.calls_by_function()
        for function, calls in few.calls_by_function().items():
            # Only the interpreter's own looks at its thread state, one a Python stack, may be more.
            wanted = more[function] - calls
            own = function == "PyThread_tss_get" and python.version < (3, 12) and wanted > 7
            check(wanted == 7 or own, f"calls of {function} bound by {how}: {wanted}")
        equal(many.kinds(), set(), "findings")


e2e.main(test)
