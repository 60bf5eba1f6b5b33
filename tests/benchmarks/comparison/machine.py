"""What happens to a training from outside: death, a full disk, too little memory; and what leaves it."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
from mistake import Seen, Side, mistake
from origin import chest_set
from ours import CLI, PLAIN_CNN, Commands, judged, learned, trains
from plain import arrays, cnn, compiled, judge

FAMILY = "The machine"
MANY = ("--set", "training.epochs=400", "--set", "training.patience=400")


def kept(work: Path) -> Seen:
    """Look for anything that was saved."""
    saved = [file for file in work.rglob("*") if file.suffix in (".keras", ".h5") or "backup" in file.parts]
    if saved:
        return Seen("fine", f"{len(saved)} saved files are left.")
    return Seen("lost", "Nothing is left of three rounds.")


@mistake(
    "killed",
    FAMILY,
    "The process is killed in mid-round (kernel, scheduler, a closed terminal)",
    wrote="fit(x, y, epochs=6)  # kill -9 in round 4",
    typed="kill -9 of the training process",
    cause="out of memory|goes on|saved",
    prepare=chest_set,
    after=kept,
    ours=lambda do: survives_kill(do),
)
def killed(work: Path) -> Seen:
    import keras

    x, y, names = arrays(work / "set" / "train")

    class Kill(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
        def on_train_batch_end(self, *_: object, **__: object) -> None:
            if self.model.optimizer.iterations.numpy() > 28:
                os.kill(os.getpid(), signal.SIGKILL)

    model = compiled(2)
    model.fit(x / 255, y, epochs=6, callbacks=[Kill()])
    return judge(model, x / 255, y, names)


def survives_kill(do: Commands) -> Side:
    """Kill the training child once rounds have been told; the run must finish all the same."""
    from counterpoise.core.jobs.events import from_line

    lines, done = [], False
    with started(do, *MANY) as process:
        for line in process.stdout or ():
            told = from_line(line)
            lines.append(told or {})
            if told and told["event"] == "epoch" and not done:
                done = True
                busiest = max(
                    psutil.Process(process.pid).children(recursive=True), key=lambda c: c.memory_info().rss
                )
                busiest.kill()
    spoken = next((line["message"] for line in lines if line.get("code") == "process-died"), "")
    if lines[-1].get("event") != "finished":
        return do.side("lost", lines[-1].get("message", ""), "process-died" if spoken else "", spoken)
    detail = "It goes on from the last saved state and finishes."
    return do.side("mended", detail, "process-died" if spoken else "", spoken)


def started(do: Commands, *options: str) -> "subprocess.Popen[bytes]":
    command = [*CLI, "train", str(do.data), "--run", str(do.run), *options, "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=do.environment)


def loadable(work: Path) -> Seen:
    """Load what the last good checkpoint was, in a process of its own."""
    program = f"import keras; keras.saving.load_model({str(work / 'model.keras')!r})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1].partition(":")[0].rpartition(".")[2]
        return Seen("lost", f"The checkpoint of the round before is destroyed ({reason} on loading).")
    return Seen("error", "It ends; the checkpoint of the round before can be loaded.")


@mistake(
    "disk-full",
    FAMILY,
    "The disk is full when the third checkpoint is written",
    wrote='fit(..., callbacks=[ModelCheckpoint("model.keras")])',
    typed="Train, with the disk full from the first round on, and free again later",
    cause=r"no space|file too large|disk|errno 27|errno 28",
    prepare=chest_set,
    after=loadable,
    ours=lambda do: waits_for_disk(do),
    note="The full disk is a limit on the size of files (ulimit -f), which any user can set.",
)
def disk_full(work: Path) -> Seen:
    import keras

    x, y, names = arrays(work / "set" / "train")

    class Fill(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
        def on_epoch_begin(self, epoch: int, *_: object) -> None:
            if epoch == 2:
                resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))

    model = compiled(2)
    save = keras.callbacks.ModelCheckpoint(work / "model.keras")
    model.fit(x / 255, y, epochs=5, callbacks=[Fill(), save])
    return judge(model, x / 255, y, names)


def waits_for_disk(do: Commands) -> Side:
    """Limit the training child's files after its first round, and lift the limit once it has spoken."""
    from counterpoise.core.jobs.events import from_line

    lines, child = [], None
    with started(do, *MANY) as process:
        for line in process.stdout or ():
            told = from_line(line) or {}
            lines.append(told)
            if told.get("event") == "epoch" and child is None:
                found = psutil.Process(process.pid).children(recursive=True)
                child = max(found, key=lambda c: c.memory_info().rss)
                child.rlimit(psutil.RLIMIT_FSIZE, (60_000, psutil.RLIM_INFINITY))
            elif told.get("code") == "disk-full" and child is not None:
                child.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
    spoken = next((line["message"] for line in lines if line.get("code") == "disk-full"), "")
    code = "disk-full" if spoken else ""
    if lines and lines[-1].get("event") == "finished":
        return do.side("mended", "It waits, and goes on when there is room.", code, spoken)
    last = lines[-1] if lines else {}
    message = last.get("message", "")
    words = spoken or (message if "disk" in message else "")
    if last.get("resumable"):
        return do.side("error", "It ends, and can be resumed.", code, words, message)
    return do.side("lost", "It ends, and can't be resumed.", code, words, message)  # fmt: skip


@mistake(
    "memory",
    FAMILY,
    "Batches that don't fit into memory",
    wrote="fit(x, y, batch_size=240)  # images of 1,024 pixels",
    typed="Batches of 240, images of 1,024 pixels, from scratch",
    cause="memory|OOM|bad_alloc|ResourceExhausted",
    prepare=chest_set,
    ours=trains(
        "--set",
        "model.name=small_cnn",
        "--set",
        "training.batch_size=240",
        "--set",
        "model.image_size=1024",
        code="memory-short",
    ),
    note="The Keras process may use 9 GB of address space (ulimit -v), to keep the computer safe.",
)
def memory(work: Path) -> Seen:
    import keras
    import tensorflow as tf

    tf.constant(1.0) + 1
    resource.setrlimit(resource.RLIMIT_AS, (9 * 10**9, resource.RLIM_INFINITY))
    x = tf.random.normal((240, 1024, 1024, 1))
    end = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(2, activation="softmax")]
    model = keras.Sequential([keras.Input((1024, 1024, 1)), *cnn(2).layers[:4], *end])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, np.arange(240) % 2, batch_size=240)
    return Seen("fine")


@mistake(
    "nan-and-backup",
    FAMILY,
    "TerminateOnNaN together with BackupAndRestore",
    wrote='callbacks=[TerminateOnNaN(), BackupAndRestore("backup")]',
    typed="Plain steps of 1,000, accepted against the advice",
    cause="backup|delet|nan",
    prepare=chest_set,
    ours=lambda do: goes_back(do),
)
def nan_and_backup(work: Path) -> Seen:
    import keras

    x, y, _ = arrays(work / "set" / "train")

    class Spoil(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
        def on_epoch_begin(self, epoch: int, *_: object) -> None:
            if epoch == 3:
                self.model.optimizer.learning_rate.assign(float("nan"))

    backup = keras.callbacks.BackupAndRestore(work / "backup")
    compiled(2).fit(x / 255, y, epochs=6, callbacks=[Spoil(), keras.callbacks.TerminateOnNaN(), backup])
    left = [file for file in (work / "backup").rglob("*") if file.is_file()]
    return Seen("fine" if left else "lost", f"{len(left)} files of the backup of three good rounds are left.")


def goes_back(do: Commands) -> Side:
    """Train with a rate that must break it, and see what the guards do."""
    sgd = ("--set", "training.optimizer=sgd", "--set", "training.learning_rate=1000.0")
    answer = do.train(*PLAIN_CNN, *sgd, "--accept", "learning-rate-too-high")
    spoken = [line for line in answer.lines if line.get("code") in ("exploding-loss", "non-finite-step")]
    if not spoken:
        return judged(do, answer)
    last, first = answer.last, spoken[0]
    whole = last["event"] == "finished"
    end = "it finishes" if whole else "it ends by itself and keeps the best state"
    detail = f"It goes back to the last good state with half the rate {len(spoken) - 1} times, then {end}."
    return do.side("mended" if whole else "error", detail, first["code"], first["message"])


@mistake(
    "random-in-export",
    FAMILY,
    "Random flips and turns inside the exported network",
    wrote='Sequential([RandomFlip(), RandomRotation(0.1), ...]); model.export("bundle")',
    typed="Train with variations, export as SavedModel",
    cause="random|augment|training=True",
    prepare=chest_set,
    ours=lambda do: exports(do),
)
def random_in_export(work: Path) -> Seen:
    import keras
    import tensorflow as tf

    x, y, _ = arrays(work / "set" / "train")
    layers = [
        keras.Input((28, 28, 1)),
        keras.layers.RandomFlip(),
        keras.layers.RandomRotation(0.1),
        *cnn(2).layers,
    ]
    model = keras.Sequential(layers)
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x / 255, y, epochs=4)
    model.export(work / "bundle", verbose=False)
    loaded = tf.saved_model.load(str(work / "bundle"))
    first, second = (loaded.serve(tf.constant(x[:50] / 255)).numpy() for _ in range(2))
    off = float(np.abs(first - second).max())
    return Seen(
        "wrong" if off > 1e-3 else "fine",
        f"Asked twice about the same images, it answers up to {off:.2f} apart.",
    )


def exports(do: Commands) -> Side:
    answer = do.train(*PLAIN_CNN, "--set", "training.augment=microscopy")
    if answer.last.get("event") != "finished":
        return judged(do, answer)
    told = do.call("export", do.run, "--format", "savedmodel", "--out", do.work / "bundle")
    files = told.last.get("files", [{}])
    checked, apart = files[0].get("images_checked"), files[0].get("max_abs_diff")
    detail = f"Compared with the run on {checked} images: at most {apart} apart."
    return do.side(
        "impossible" if files[0].get("verified") else "wrong", f"{detail} {learned(do, answer).detail}"
    )
