"""What the tests' child processes do; importable in a spawned child through sys.path."""

import os
import signal
import sys
import time
from pathlib import Path

from counterpoise.core.errors import CounterpoiseError


def count(number, context):
    for index in range(number):
        context.send("progress", done=index + 1, total=number)
    return number * 2


def fail_plainly(_, context):
    raise CounterpoiseError("The folder isn't there. Give another.")


def fail_unforeseen(_, context):
    raise ValueError("an odd value")


def die(number, context):
    context.send("progress", done=1)
    os.write(2, b"noise\nF the library gave up in /home/someone/secret/lib.cc:12\n")
    os.kill(os.getpid(), number)


def leave(code, context):
    os._exit(code)


def talk(_, context):
    sys.stdout.write("hello from /data/clinic/scan.png\n")
    sys.stdout.flush()
    sys.stderr.write("as Python quotes it: '/data/two words/scan.png'\n")


def chatter(length, context):
    """Print more than a pipe holds."""
    sys.stdout.write("x" * length + "\n")
    sys.stdout.flush()
    return length


def wait_for_cancel(_, context):
    context.send("progress", pid=os.getpid())
    while not context.cancelled():
        time.sleep(0.005)
    return "cancelled"


def ignore_everything(_, context):
    context.send("progress", pid=os.getpid())
    while True:
        time.sleep(1)


def obey(_, context):
    context.send("progress", pid=os.getpid())
    while True:
        for command in context.commands():
            return {"stopped": True} if command == "stop" else {"paused": True}
        time.sleep(0.005)


def die_until(payload, context):
    """Die of ``signal`` until the file holds ``deaths`` marks, then return."""
    path = Path(payload["path"])
    lives = len(path.read_text()) if path.exists() else 0
    context.send("stage", name=f"life {lives}")
    if lives < payload["deaths"]:
        path.write_text("x" * (lives + 1))
        os.kill(os.getpid(), payload["signal"])
    return {"lives": lives}


def need_memory(payload, context):
    """End for want of memory, by an error or as C++ does, until ``size`` is small enough."""
    if payload["size"] > 2:
        if payload["how"] == "raise":
            raise MemoryError("Unable to allocate 8.00 TiB for an array")
        os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
        os.abort()
    return {"size": payload["size"]}


def supervise_obeying(folder, context):
    """Own a run whose child waits: what the window's or the terminal's process does."""
    from counterpoise.core.jobs.supervisor import supervise
    from counterpoise.core.study.run_folder import RunFolder

    return supervise(RunFolder(Path(folder)), obey, None, emit=lambda event: context.send("said", what=event))


def square(x):
    return x * x


def square_or_die(x):
    if x % 10 == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return x * x


def square_or_hang(x):
    if x == 5:
        time.sleep(600)
    return x * x


def square_or_raise(x):
    if x == 2:
        raise ValueError("two")
    return x * x


def own_pid(_):
    return os.getpid()


def nothing(_, context):
    return None


def counted(number, context):
    return {"doubled": count(number, context)}


def square_or_compute(x):
    if x == 5:
        while True:
            pass
    return x * x


def length_of(size):
    return len(bytearray(size))
