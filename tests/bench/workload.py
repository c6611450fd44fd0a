# SPDX-License-Identifier: MIT
"""
Run by bench.py in the interpreter under test: a third of a second of work that uses thread keys.

"contourpy" draws contour lines; its bindings look a key up in every call. "own" is for
interpreters without that package: parsing, and a small extension function for each record.
"""
import sys

DRAWINGS = 110
RECORDS_A_DRAWING = 227  # take about as long


def contourpy_work():
    import contourpy
    import numpy

    x, y = numpy.meshgrid(numpy.linspace(-3, 3, 60), numpy.linspace(-3, 3, 60))
    z = numpy.sin(x * 3) * numpy.cos(y * 2) + x * y / 9

    def work(drawings):
        lines = 0
        for _ in range(drawings):
            generator = contourpy.contour_generator(x, y, z)
            for level in range(-20, 21):
                lines += len(generator.lines(level / 20))
        return lines

    return work


def own_work(extension_directory):
    import json

    sys.path.insert(0, extension_directory)
    import bench_tss

    record = json.dumps({"name": "record", "values": list(range(40)), "nested": {"a": 1, "b": [1, 2]}})

    def work(drawings):
        total = 0
        for _ in range(drawings * RECORDS_A_DRAWING):
            data = json.loads(record)
            total += bench_tss.checksum(json.dumps(data["values"]).encode())
        return total

    return work


def prepare(extension_directory, name):
    """A function that does that work, as much as it is told."""
    return contourpy_work() if name == "contourpy" else own_work(extension_directory)


if __name__ == "__main__":
    prepare(*sys.argv[1:3])(DRAWINGS)
