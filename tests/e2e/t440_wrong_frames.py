# SPDX-License-Identifier: MIT
"""Extensions whose tables of frames (.eh_frame) are wrong, as those of code in assembler may be: a stack
that is taken through them may be wrong or short, and the program goes on."""

import ast
import os
import random
import signal
import struct

import e2e
from e2e import check, equal

MUTANTS = 100
DAMAGED = 20
SEED = os.environ.get("PYTHREAD_TRACE_SEED", "1")
MODULE = "tss_get_before_create"

# So often that what is remembered of earlier stacks takes part, too.
APP = """
import os, signal, sys
ended = []
for place in sys.argv[1:]:
    child = os.fork()
    if not child:
        signal.alarm(30)
        sys.path.insert(0, place)
        import tss_get_before_create as bug
        assert os.path.dirname(bug.__file__) == place
        for turn in range(9):
            bug.run()
        os._exit(0)
    ended.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print({place: status for place, status in zip(sys.argv[1:], ended) if status})
"""

# Instructions of call frames, and how many numbers follow; of those that are no expressions.
NUMBERS = {0x05: 2, 0x06: 1, 0x07: 1, 0x08: 1, 0x09: 2, 0x0c: 2, 0x0d: 1, 0x0e: 1, 0x11: 2, 0x12: 2,
           0x13: 1, 0x14: 2, 0x15: 2, 0x2e: 1}
EXPRESSIONS = (0x0f, 0x10, 0x16)


def section(data, wanted):
    """(offset, size) in an ELF file."""
    start = struct.unpack_from("<Q", data, 40)[0]
    size, count, names = struct.unpack_from("<HHH", data, 58)
    headers = [struct.unpack_from("<IIQQQQ", data, start + number * size) for number in range(count)]
    for name, _, _, _, offset, length in headers:
        text = headers[names][4] + name
        if data[text:data.index(0, text)] == wanted:
            return offset, length
    raise AssertionError(f"no section {wanted!r}")


def after_number(data, at):
    """LEB128."""
    while data[at] & 0x80:
        at += 1
    return at + 1


def instructions(data, at):
    """Where those of an entry begin: after a common one's code and data alignment, and return register;
    after a function's address and length."""
    if struct.unpack_from("<I", data, at + 4)[0]:
        at += 16
        return at + 1 + data[at]
    end = data.index(0, at + 9)
    check(data[at + 9:end].startswith(b"z"), "an augmentation without its length")
    at = end + 1
    for _ in range(3):
        at = after_number(data, at)
    return at + 1 + data[at]


def numbers(data):
    """Where the numbers of one byte are that instructions have: registers, and offsets."""
    at, size = section(data, b".eh_frame")
    end, found = at + size, []
    while at < end and struct.unpack_from("<I", data, at)[0]:
        following = at + 4 + struct.unpack_from("<I", data, at)[0]
        at = instructions(data, at)
        while at < following:
            code, at = data[at], at + 1
            if code in EXPRESSIONS:
                break
            if code in (2, 3, 4):
                at += 1 << code - 2
            for _ in range(1 if code >> 6 == 2 else NUMBERS.get(code, 0)):
                if data[at] < 128:
                    found.append(at)
                at = after_number(data, at)
        at = following
    return found


def folders(python, what, contents):
    """Folders with an extension of these contents each, which are made of the original's."""
    name = python.extension(MODULE)
    with open(os.path.join(python.extensions, name), "rb") as file:
        data = file.read()
    for number, changed in enumerate(contents(data, random.Random(SEED))):
        place = os.path.join(python.directory, f"{what}{number}")
        os.mkdir(place)
        with open(os.path.join(place, name), "wb") as file:
            file.write(changed)
        yield place


def wrong(data, chance):
    """Tables in good order, with other numbers in them."""
    places = numbers(data)
    check(len(places) > 8, f"{len(places)} numbers are in the tables")
    for _ in range(MUTANTS):
        changed = bytearray(data)
        for _ in range(chance.choice((1, 2, 4))):
            changed[chance.choice(places)] = chance.randrange(128)
        yield changed


def damaged(data, chance):
    """No entry is where the index says; and any bytes anywhere."""
    changed = bytearray(data)
    at = section(data, b".eh_frame_hdr")[0]
    for entry in range(struct.unpack_from("<I", data, at + 8)[0]):
        struct.pack_into("<i", changed, at + 16 + 8 * entry, 1 << 30)
    yield changed
    at, size = section(data, b".eh_frame")
    for _ in range(DAMAGED):
        changed = bytearray(data)
        for _ in range(chance.choice((1, 4, 16))):
            changed[at + chance.randrange(size)] = chance.randrange(256)
        yield changed


def reports(run, count):
    """All of the finding, in as many as there are."""
    equal(len(run.children), count, "reports")
    found = [report.find("tss-get-before-create") for report in run.children]
    check(all(sum(finding["count"] for finding in findings) == 9 for findings in found),
          "a finding was missed")
    return found


def test(python):
    print(f"PYTHREAD_TRACE_SEED={SEED}", flush=True)
    run = python.script(APP, *folders(python, "wrong", wrong))
    equal((run.status, run.out), (0, "{}\n"), "outcome")
    depths = {len(finding["stacks"][0]["native"]) for findings in reports(run, MUTANTS)
              for finding in findings}
    check(len(depths) > 1, f"no table has misled anybody: all stacks have {depths} frames")
    run = python.script(APP, *folders(python, "damaged", damaged))
    equal(run.status, 0, "exit status")
    ended = ast.literal_eval(run.out)
    check(set(ended.values()) <= {-signal.SIGSEGV, -signal.SIGBUS}, f"outcome: {ended}")
    reports(run, 1 + DAMAGED - len(ended))
    print(f"{len(ended)} of {1 + DAMAGED} programs with damaged tables ended", flush=True)


e2e.main(test, choose=e2e.one_of_each_build)
