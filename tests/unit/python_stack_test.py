# SPDX-License-Identifier: MIT
"""Captured Python stacks against what the interpreter itself says.

python_stack_test.py --all BUILD PROBE   runs this file under each interpreter found
python_stack_test.py PROBE               the tests, in this interpreter
python_stack_test.py --time PROBE        what a capture costs here
"""

import ctypes
import functools
import gc
import os
import subprocess
import sys
import sysconfig
import threading
import types
import weakref

DEPTH = 64
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
TEXTS = {"capture": ctypes.c_uint32, "absent": ctypes.c_char_p, "count": ctypes.c_uint,
         "function": ctypes.c_char_p, "file": ctypes.c_char_p, "line": ctypes.c_int,
         "version": ctypes.c_char_p, "refusal": ctypes.c_char_p, "at_exit": ctypes.c_int,
         "with_exception": ctypes.c_uint32, "foreign_thread": ctypes.c_uint32,
         "subinterpreter": ctypes.c_uint32, "nanoseconds": ctypes.c_double,
         "questions": ctypes.c_uint, "field": ctypes.c_uint32, "misplace": None}


class Probe:
    def __init__(self, path, loader):
        library = loader(path)
        for name, kind in TEXTS.items():
            function = getattr(library, "probe_" + name)
            function.restype = kind
            setattr(self, name, function)
        self.start = library.probe_start


def shown(text):
    """As the capture writes it: no surrogates, no NUL."""
    return "".join(c if c != "\0" and not "\ud800" <= c <= "\udfff" else f"\\u{ord(c):04x}"
                   for c in text)


def frames_of(id):
    return [(held.function(id, i).decode(), held.file(id, i).decode(), held.line(id, i))
            for i in range(held.count(id))]


def here(depth=1):
    frame, found = sys._getframe(depth), []
    while frame and len(found) < DEPTH:
        code = frame.f_code
        found.append((shown(code.co_name), shown(code.co_filename), frame.f_lineno or 0))
        frame = frame.f_back
    return found


def same(id, expected):
    reason = held.absent(id)
    assert reason is None, reason.decode()
    got = frames_of(id)
    assert got == expected, f"\n  captured {got}\n  expected {expected}"


def refused(id, *reasons):
    assert held.absent(id) is not None, f"captured {frames_of(id)}"
    assert held.absent(id).decode() in reasons, held.absent(id)


tests = []


def test(function):
    tests.append(function)
    return function


@test
def nested():
    def outer():
        def inner():
            same(held.capture(), here())
        inner()
    outer()


@test
def equal_stacks_are_one():
    ids = {held.capture() for _ in range(100)}
    assert len(ids) == 1, ids
    ids.add(held.capture())
    assert len(ids) == 2, "another line is another stack"


@test
def the_same_place_again():
    """From some time on, all that is looked at is whether anything is not as it was."""
    def inner(depth):
        return inner(depth - 1) if depth else (held.capture(), here())
    for _ in range(20):
        for depth in (0, 3, 1):
            same(*inner(depth))


@test
def code_made_anew():
    """In the place of code that is gone, and different from it in nothing but a line."""
    places = set()
    for turn in range(60):
        scope = {"held": held, "here": here}
        source = "def made():\n" + "    # nothing\n" * (turn % 3) + "    return held.capture(), here()\n"
        exec(compile(source, __file__, "exec"), scope)
        places.add(id(scope["made"].__code__))
        for _ in range(6):
            same(*scope["made"]())
        scope.clear()
    # Free-threaded interpreters give the memory of code back late.
    assert len(places) < 60 or FREE_THREADED, "no place was taken twice"


@test
def call_over_many_lines():
    id, expected = (
        held.capture(),
        here(),
    )
    got = frames_of(id)
    assert got[0][2] + 1 == expected[0][2] and got[1:] == expected[1:], (got, expected)


@test
def method():
    class Thing:
        @property
        def value(self):
            return held.capture(), here()

        def __getattr__(self, name):
            return self.value

        def __lt__(self, other):
            same(*self.anything)
            return False
    sorted([Thing(), Thing()])


@test
def comprehension():
    for id, expected in [(held.capture(), here()) for _ in range(3)]:
        same(id, expected)
    for id, expected in {0: (held.capture(), here()) for _ in range(3)}.values():
        same(id, expected)


@test
def generator():
    def inner():
        yield held.capture(), here()
        yield held.capture(), here()

    def outer():
        yield from inner()
    for id, expected in outer():
        same(id, expected)
    for id, expected in ((held.capture(), here()) for _ in range(2)):
        same(id, expected)


@test
def coroutine():
    async def inner():
        return held.capture(), here()

    async def outer():
        return await inner()
    try:
        outer().send(None)
    except StopIteration as stop:
        same(*stop.value)


@test
def lambda_and_decorator():
    def decorator(function):
        @functools.wraps(function)
        def wrapper(*arguments):
            return function(*arguments)
        return wrapper
    same(*decorator(lambda: (held.capture(), here()))())
    same(*next(map(lambda _: (held.capture(), here()), [1])))


@test
def many_arguments_and_class_body():
    class Body:
        result = held.capture(), here()
    same(*Body.result)
    same(*(lambda *a, **k: (held.capture(), here()))(*range(300), **{f"k{i}": i for i in range(9)}))


@test
def exec_and_eval():
    names = {"held": held, "here": here}
    exec("\n\nfound = held.capture(), here()", names)
    same(*names["found"])
    same(*eval("(held.capture(), here())", names))


@test
def names_and_files_of_all_widths():
    for name in ("plain", "größe", "名前", "𝔘𝔫𝔦", ""):
        for file in ("<a>", "/tmp/ü.py", "/tmp/名.py", "/tmp/\U0001f40d.py", "/tmp/\udc80.py",
                     "x" * 3000, ""):
            code = compile("held.capture(), here()", file, "eval").replace(co_name=name)
            same(*eval(code))


@test
def file_of_a_derived_class():
    class Name(str):
        pass
    for text in ("<derived>", "<größe>"):
        same(*eval(compile("held.capture(), here()", "x", "eval").replace(co_filename=Name(text))))


@test
def no_line():
    if sys.version_info < (3, 11):
        return

    def function():
        return held.capture(), here()
    code = function.__code__
    units = len(code.co_code) // 2
    table = bytes(0x80 | 15 << 3 | 7 for _ in range(units // 8 + 1))
    same(*types.FunctionType(code.replace(co_linetable=table), globals(), closure=())())


@test
def far_lines():
    for gap in (1, 40, 200, 5000, 100000):
        names = {"held": held, "here": here}
        exec("x = 1" + "\n" * gap + "found = held.capture(), here()", names)
        same(*names["found"])
    names = {"held": held, "here": here}
    exec("x = 1\n" * 5000 + "found = held.capture(), here()", names)
    same(*names["found"])


@test
def reused_addresses():
    """A code object that takes a freed one's place must not be taken for it."""
    addresses = set()
    for i in range(2000):
        source = "\n" * (i % 3) + "def f():\n return held.capture(), here(), 'x'[0]\n"
        names = {"held": held, "here": here}
        exec(compile(source, f"<file {i % 7}>", "exec"), names)
        code = names["f"].__code__
        if i % 2:
            code = names["f"].__code__ = code.replace(co_name=f"name {i % 5}")
        addresses.add(id(code))
        same(*names["f"]()[:2])
        del code, names
    assert len(addresses) < 2000, "no address was used twice: nothing was tested"


@test
def deep_recursion():
    def down(left):
        return down(left - 1) if left else (held.capture(), here())
    for depth in (DEPTH - 10, DEPTH, 500):
        same(*down(depth))


@test
def recursion_through_c():
    def down(left):
        return max([left], key=lambda n: found.append((held.capture(), here())) or 0) \
            if not left else functools.reduce(lambda _, n: down(left - 1), [1, 2])
    found = []
    down(12)
    same(*found[0])


@test
def threads():
    problems = []

    def work(number):
        def leaf(left):
            if left:
                return leaf(left - 1)
            same(held.capture(), here())
        try:
            for i in range(300):
                leaf((i + number) % 20)
        except BaseException as problem:
            problems.append(problem)
    pool = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in pool:
        thread.start()
    for thread in pool:
        thread.join()
    assert not problems, problems[0]


@test
def pending_exception():
    expected = here()
    id = held.with_exception()
    assert id, "the exception is not the same afterwards"
    got = frames_of(id)
    assert got[1:] == expected[1:] and got[0][:2] == expected[0][:2], (got, expected)


@test
def handled_exception():
    try:
        raise KeyError("one")
    except KeyError as problem:
        same(held.capture(), here())
        assert sys.exc_info()[1] is problem and problem.args == ("one",)


@test
def finalizers_and_callbacks():
    found = []

    class Thing:
        def __del__(self):
            found.append((held.capture(), here()))

    def note(*_):
        found.append((held.capture(), here()))
    del_me = Thing()
    del del_me
    cycle = Thing()
    cycle.me = cycle
    weak = weakref.ref(cycle, note)
    del cycle
    gc.callbacks.append(note)
    gc.collect()
    gc.callbacks.remove(note)
    assert weak() is None and len(found) == 5, found
    for id, expected in found:
        same(id, expected)


@test
def tracing():
    found = []

    def trace(frame, event, argument):
        found.append((held.capture(), here()))
        return trace
    old = sys.gettrace()
    sys.settrace(trace)
    try:
        (lambda: 1)()
    finally:
        sys.settrace(old)
    assert found
    for id, expected in found:
        same(id, expected)


@test
def traced_frames():
    """Instrumented code: lines are the same."""
    def function():
        same(held.capture(), here())
        return 1
    old = sys.gettrace()
    sys.settrace(lambda *_: None)
    try:
        function()
    finally:
        sys.settrace(old)


@test
def collector_is_left_as_it_was():
    for enabled in (True, False, True):
        (gc.enable if enabled else gc.disable)()
        held.capture()
        assert gc.isenabled() is enabled


@test
def nothing_is_kept_alive():
    class Thing:
        pass

    def function():
        thing = Thing()
        held.capture()
        return weakref.ref(thing)
    assert function()() is None

    def other():
        return held.capture(), sys.getrefcount(other.__code__)
    other()
    counts = {other()[1] for _ in range(50)}
    assert len(counts) == 1, counts


@test
def tracemalloc_on():
    import tracemalloc
    tracemalloc.start(5)
    try:
        same(held.capture(), here())
    finally:
        tracemalloc.stop()


@test
def without_the_gil():
    refused(released.capture(), "the thread does not hold the GIL",
            "the thread is not attached to the interpreter")


@test
def thread_without_state():
    refused(held.foreign_thread(), "the thread has no Python thread state")
    refused(released.foreign_thread(), "the thread has no Python thread state")


def child(text):
    run = subprocess.run([sys.executable, "-c", text, sys.argv[1]], stdout=subprocess.PIPE,
                         check=False)
    assert run.returncode == 0, run
    return run.stdout.decode()


CHILD = f"""
import sys, os
sys.path.insert(0, {os.path.dirname(os.path.abspath(__file__))!r})
import ctypes
from python_stack_test import Probe
probe = Probe(sys.argv[1], ctypes.PyDLL)
probe.start()
"""


@test
def while_finalizing():
    said = child(CHILD + """
class Last:
    def __del__(self, probe=probe, write=os.write):
        write(1, probe.absent(probe.capture()) or b"a stack")
sys.last = Last()
sys.again = [sys.last]
sys.again.append(sys.again)
""")
    assert said == "the interpreter is finalizing", said


@test
def after_finalizing():
    said = child(CHILD + "probe.capture(); probe.at_exit()")
    assert said == "the interpreter is not initialized", said


@test
def at_interpreter_exit():
    said = child(CHILD + """
import atexit
def last():
    os.write(1, probe.function(probe.capture(), 0))
atexit.register(last)
""")
    assert said == "last", said


@test
def subinterpreter():
    id = held.subinterpreter()
    if sys.version_info < (3, 12):
        refused(id, "the thread does not hold the GIL, or is in a subinterpreter of Python"
                    " before 3.12")
    else:
        got = [frame[::2] for frame in frames_of(id)]
        assert got[:2] == [("inside", 2), ("<module>", 3)], got


@test
def after_fork():
    id, expected = held.capture(), here()
    pid = os.fork()
    if pid == 0:
        try:
            same(id, expected)
            same(held.capture(), here())
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(pid, 0)[1] == 0


def asked(times=3):
    """Whether the interpreter was asked for its frames, in the last of some captures."""
    for _ in range(times):
        before = held.questions()
        same(held.capture(), here())
    return held.questions() > before


@test
def frames_are_read():
    assert not asked()


@test
def one_frame_is_no_proof():
    said = child(CHILD + """
for _ in range(3):
    before = probe.questions()
    probe.capture()
def inner():
    probe.capture()
    middle = probe.questions()
    probe.capture()
    return middle, probe.questions()
os.write(1, repr((probe.questions() - before, *inner(), probe.questions())).encode())
""")
    first, middle, after, last = eval(said)
    if sys.version_info < (3, 13):
        assert (first, middle, after, last) == (1, 4, 4, 4), said
    else:
        assert last == 0, said


@test
def misplaced_fields():
    """The interpreter is asked where a field is not where it was thought to be. No crash."""
    if sys.version_info >= (3, 13):
        return
    refused_places, number = 0, 0
    while held.field(number) != 2**32 - 1:
        right = held.field(number)
        for place in range(0, 192, 8):
            held.misplace(number, place)
            refused_places += asked()
        held.misplace(number, right)
        assert not asked(), (number, right)
        number += 1
    assert refused_places > 4 * 20, refused_places


@test
def what_it_is():
    assert held.version().decode() == sys.version.split()[0]
    assert held.refusal() is None


def run_all(build, probe):
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path.insert(0, os.path.join(root, "e2e"))
    import interpreters
    found, missing = interpreters.find(build)
    failed = 0
    for python in found:
        status = subprocess.run([python["path"], __file__, probe], check=False).returncode
        print("FAIL" if status else "ok", python["name"], flush=True)
        failed += status != 0
    for sentence in missing:
        print("skipped:", sentence)
    return failed or not found


def run_here():
    failed = 0
    for function in tests:
        try:
            function()
        except Exception as problem:
            failed += 1
            print(f"{sys.version.split()[0]}: {function.__name__}:"
                  f" {type(problem).__name__}: {problem}", flush=True)
    return failed


def time_here():
    def best():
        return min(held.nanoseconds(5000) for _ in range(200))

    def down(left):
        return down(left - 1) if left else best()
    print(f"{sys.version.split()[0]}: {down(0):.0f} ns with 6 frames, {down(14):.0f} ns with 20")
    return 0


def main():
    global held, released
    if sys.argv[1] == "--all":
        return run_all(*sys.argv[2:])
    held, released = (Probe(sys.argv[-1], loader) for loader in (ctypes.PyDLL, ctypes.CDLL))
    held.start()
    return time_here() if sys.argv[1] == "--time" else run_here()


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
