# SPDX-License-Identifier: MIT
"""A real package from Debian, built with pybind11, which keeps its state in thread keys."""

import e2e
from e2e import check

APP = """
import contourpy, numpy
x, y = numpy.meshgrid(numpy.linspace(-3, 3, 60), numpy.linspace(-3, 3, 60))
lines = contourpy.contour_generator(x, y, numpy.sin(x) * numpy.cos(y)).lines(0.25)
print(len(lines), round(float(sum(abs(line).sum() for line in lines)), 6))
"""


def test(python):
    if not python.can("import contourpy"):
        e2e.skip("has no contourpy")
    run = python.same_as_native(APP)
    run.clean()
    owners = [owner for owner in run.report.keys["owners"]
              if "_contourpy" in (owner["module"] or "")]
    check(owners, f"owners of keys: {run.report.keys['owners']}")
    check(run.report.calls("PyThread_tss_get"), "no call was seen")


e2e.main(test)
