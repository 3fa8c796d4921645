"""The protocol of a benchmark's child process: one line in, one line out.

    -> ready NAME AND VERSIONS            once, at the start (or: absent WHY)
    <- prepare MODEL KIND PASS b h l n layers
    -> ms X                               inputs made, compiled, run once in X ms
    <- time REPETITIONS
    -> ms X X ...                         of the work that was prepared last
    <- memory MODEL KIND PASS b h l n layers
    -> mb X                               peak resident memory over the baseline, in 10^6 bytes
    -> error WHY                          in place of any answer

MODEL is s4d, s4, lstm or transformer, KIND convolution, block, training-step, forecast-step, text-step or sashimi-steps (nobody is asked
for a kind he does not take part in), PASS fwd or fwd-bwd. Ends with its input.
"""
import gc
import os
import sys
import time
import traceback


def serve(name, make, check):
    """make(model, kind, backward, b, h, l, n, layers) -> a function without arguments that runs the work once."""
    limit_memory()
    difference = check()
    if not difference < 1e-4:
        say(f"absent its own check failed: convolution and recurrence differ by {difference:.1e}")
        return
    say("ready " + name)
    work = None
    for line in sys.stdin:
        command, *words = line.split()
        try:
            if command == "prepare":
                work = None
                gc.collect()
                work = make(*parse(words))
                say("ms " + milliseconds(work))
            elif command == "time":
                say("ms " + " ".join(milliseconds(work) for _ in range(int(words[0]))))
            elif command == "memory":
                say("mb " + str(memory(make, parse(words))))
            else:
                say("error unknown command " + command)
        except MemoryError:
            work = None
            say("error out of memory")
        except Exception as e:  # whatever it is, the run goes on with the next work
            work = None
            text = " ".join(str(e).split())
            traceback.print_exc()
            lacking = any(s in text.lower() for s in ("allocate", "resource_exhausted", "out of memory", "bad_alloc"))
            say("error " + ("out of memory" if lacking else f"{type(e).__name__}: {text[:200]}"))


def parse(words):
    model, kind, passes, *sizes = words
    return (model, kind, passes == "fwd-bwd", *map(int, sizes))


def milliseconds(work):
    start = time.perf_counter()
    work()
    return f"{1e3 * (time.perf_counter() - start):.4f}"


def memory(make, words):
    """Peak while making inputs and running, over what a small work of the same kind left behind."""
    model, kind, backward, b, h, l, n, layers = words
    make(model, kind, backward, min(b, 4), h, min(l, 160), n, layers)()
    gc.collect()
    with open("/proc/self/clear_refs", "w") as f:
        f.write("5")  # the peak starts again from here
    baseline = status("VmRSS")
    work = make(*words)
    start = time.perf_counter()
    for _ in range(3):
        work()
        if time.perf_counter() - start > 10:
            break
    return round((status("VmHWM") - baseline) / 1e6, 1)


def status(key):
    with open("/proc/self/status") as f:
        for line in f:
            if line.startswith(key + ":"):
                return 1024 * int(line.split()[1])
    raise RuntimeError("no " + key + " in /proc/self/status")


def limit_memory():
    """An allocation that the machine cannot serve should fail here, not end some other process."""
    try:
        import resource
        with open("/proc/meminfo") as f:
            available = next(1024 * int(line.split()[1]) for line in f if line.startswith("MemAvailable"))
        limit = int(0.9 * available)
        try:
            with open("/sys/fs/cgroup/memory.max") as f:
                limit = min(limit, int(0.9 * int(f.read())))
        except (OSError, ValueError):
            pass
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    except (ImportError, OSError, StopIteration):
        return  # not Linux: no limit


def threads():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
