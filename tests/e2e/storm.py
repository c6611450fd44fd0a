# SPDX-License-Identifier: MIT
"""A program for the tests of signal storms: threads use keys, and mutexes where there are any, among them
threads without Python; a handler in Python uses both. The signals are those that the kernel delivers.

Arguments: the signal's name, its period in nanoseconds, and how many of them.
"""

APP = """
import signal, sys, threading, time
import calls_lazy, signal_storm, tss_get_before_create as bug
if sys.version_info >= (3, 13):
    import mutex_bench as called, mutex_bench_inline as inlined
    mutexes = (called, inlined)
else:
    mutexes = ()

number, period, wanted = getattr(signal, sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
handled = turns = wrong = 0

def use(rounds):
    global wrong
    wrong += calls_lazy.run() != 0
    for ext in mutexes:
        wrong += ext.loop(0, rounds) != rounds

def handler(number, frame):
    global handled
    handled += 1
    use(2)

def work():
    global turns
    while not ended.is_set():
        use(5)
        turns += 1

def contend(ext):
    global wrong
    while not ended.is_set():
        wrong += ext.contend(2, 0, 500)[0] != 1000
        time.sleep(0.001)

signal.signal(number, handler)
ended = threading.Event()
threads = [threading.Thread(target=work) for n in range(2)]
threads += [threading.Thread(target=contend, args=(ext,)) for ext in mutexes]
for thread in threads: thread.start()
signal_storm.begin(number, period)
end = time.monotonic() + 60
while signal_storm.delivered() < wanted and time.monotonic() < end:
    use(20)
    bug.run()
signal_storm.end()
ended.set()
for thread in threads: thread.join()
print(signal_storm.delivered() >= wanted, handled > wanted / 200, turns > 0, wrong)
sys.exit(3)
"""
RESULT = (3, "True True True 0\n")

# A profiler's, and faster than any profiler's.
PROFILER = ("SIGPROF", "1000000")
FAST = ("SIGALRM", "200000")
MANY = "5000"
FEW = "500"
