"""Sentences of the findings of the guards, said while a run trains."""

_PIECES = "{pieces} pieces whose gradients are added up"
_STATISTICS = (
    "Layers that even out their values (batch norm) learn from each piece, so that the result differs a "
    "little from that of whole batches."
)

GUARDS: dict[str, str] = {
    "process-died.again": "{what}. Nothing is lost but the steps since the last saved state; "
    "training goes on from there with the same settings (attempt {attempt} of {restarts}).",
    "process-died.memory": "{what}. Memory had run out, so training goes on from the last saved state "
    "in smaller pieces (attempt {attempt} of {restarts}). Close other programs, or choose a smaller "
    "batch or image size if it happens again.",
    "stalled": "The training has said nothing for {seconds} s, far longer than it usually takes. It may be "
    "busy with something large, or hang: wait a little, or pause it and go on.",
    "stalled.stopped": "The training process was halted from outside (SIGSTOP) and has done nothing for "
    "{seconds} s. It goes on when it is let go; pausing ends it and keeps what was learned.",
    "stalled.disk": "The training has waited {seconds} s for a disk or network drive. Look whether the drive "
    "is there; training goes on by itself when it answers.",
    "process-died.end": "{what}. It had been started again {restarts} times already, so it isn't tried "
    "once more; what was learned is kept and the run can be resumed.",
    "process-died.state-damaged": "The state saved last was damaged on the disk, so the training goes on "
    "from the one before it, {used}: the steps in between are done again, to the same result.",
    "process-died.states-damaged": "No saved state of the training could be read, they were damaged on the "
    "disk, so it begins anew: what had been learned is learned again, to the same result. Look at the disk.",
    "non-finite-step": "Step {step} of round {epoch} gave an error that isn't a number, so it was not "
    "applied: the network is as it was before. Look at the images of that batch. {cause}",
    "non-finite-step.images": "In step {step} of round {epoch} {images} gave values that aren't numbers, "
    "so the step was not applied: the network is as it was before. The step is left out in every round; "
    "look at these pixels, or leave such images out.",
    "non-finite-step.back": "Three steps in a row, the last one step {step} of round {epoch}, gave an "
    "error that isn't a number; none was applied. The training goes back to its last good state and on "
    "with half the learning rate, {rate}. {cause}",
    "non-finite-step.end": "Three steps in a row, the last one step {step} of round {epoch}, gave an "
    "error that isn't a number, though the training had gone back and halved its learning rate {restores} "
    "times before. So it has ended; the best state is kept. {cause}",
    "exploding-loss.back": "In step {step} of round {epoch} the error had grown to {loss}, from {before}: "
    "the training is flying apart. It goes back to its last good state and on with half the learning rate, "
    "{rate}. {cause}",
    "exploding-loss.end": "In step {step} of round {epoch} the error had grown to {loss}, from {before}, "
    "though the training had gone back and halved its learning rate {restores} times before. So it has "
    "ended; the best state is kept. {cause}",
    "exploding-loss.validation.back": "After round {epoch} the network gave the validation images values "
    "that aren't numbers: its weights have grown too large. The training goes back to its last good state "
    "and on with half the learning rate, {rate}. {cause}",
    "exploding-loss.validation.end": "After round {epoch} the network gave the validation images values "
    "that aren't numbers, though the training had gone back and halved its learning rate {restores} times "
    "before. So it has ended; the best state is kept. {cause}",
    "loss-scale-starved": "Half precision (float16) skipped {skipped} of the last {of} steps, because "
    "numbers grew too large for it. The training goes on in full precision (float32) from where it is, so "
    "that no step is lost any more.",
    "out-of-memory.split": "Memory ran out in step {step} of round {epoch}. From now on each batch of "
    f"{{whole}} is computed in {_PIECES}, which gives the same result a little slower; the step is done "
    "again. {cause}",
    "out-of-memory.split.statistics": "Memory ran out in step {step} of round {epoch}. From now on each "
    f"batch of {{whole}} is computed in {_PIECES}, and the step is done again. {_STATISTICS} {{cause}}",
    "out-of-memory.short": "There isn't enough free memory for a whole batch of {whole}. It is computed in "
    f"{_PIECES}, which gives the same result a little slower. {{cause}}",
    "out-of-memory.short.statistics": "There isn't enough free memory for a whole batch of {whole}. It is "
    f"computed in {_PIECES}. {_STATISTICS} {{cause}}",
    "out-of-memory.restarted": "Because memory ran out, each batch of {whole} is now computed in "
    f"{_PIECES}, which gives the same result a little slower.",
    "out-of-memory.restarted.statistics": "Because memory ran out, each batch of {whole} is now computed "
    f"in {_PIECES}. {_STATISTICS}",
    "out-of-memory.validation": "Memory ran out while the network was judged. From now on it is shown "
    "{images} at once, which changes nothing but the speed.",
    "out-of-memory.end": "Memory ran out even with a single image at a time, so the training has ended; "
    "what was learned is kept. Close other programs and go on with --resume, or train anew with less: "
    "{cause}",
    "dead-network": "The network gives {alike} of {of} images the same answer (a dead network): its error, "
    "{loss}, is that of guessing without a look at the images, so it learns nothing any more. {cause}",
    "no-signal": "After {rounds} the network tells the classes apart no better than guessing (no "
    "signal): its error is {loss}, that of guessing {guessing}; its AUC is {auc}, and with {images} chance "
    "alone reaches up to {auc_by_chance}. The training itself works. {cause}",
    "no-signal.training": "After {rounds} the network tells the classes apart no better than "
    "guessing (no signal): its error on the training images is {loss}, that of guessing {guessing}. The "
    "training itself works. {cause}",
    "class-collapse": "The network decides for '{class}' whatever the image shows (class collapse): so it "
    "does for all {images} it is judged by, though {others} of them belong to other classes. {cause}",
    "overfitting": "Since round {best_epoch} the network learns its images by heart (overfitting): its "
    "error on validation has risen from {best_loss} to {val_loss}, while that on training fell to {loss}. "
    "The state of round {best_epoch} is the one that counts. {cause}",
    "overfitting.never": "The network learns its images by heart (overfitting): its error on training fell "
    "to {loss}, but on validation it has been no better than guessing ({guessing}) in any round, and is "
    "{val_loss} now. {cause}",
    "out-of-memory.embed": "Memory ran out while the network looked at the images. It looks at {images} at a "
    "time from now on; that only takes longer. Close other programs if it happens again.",
    "source-lost.place": "The images can't be reached any more: {first} and others ({images} so far, "
    "{reason}). A drive may be unplugged or a folder renamed. The training waits and goes on by itself "
    "when they are back; pausing ends it and keeps what was done.",
    "source-lost.files": "{first} can't be read any more ({images} in all, {reason}), while the other "
    "images are there. Put it back as it was: the training waits {seconds} s for it, then it ends and can "
    "be gone on with.",
    "disk-full": "The disk is full, so {what} can't be written. All that was saved before is kept, and the "
    "training waits: free some space and it goes on by itself.",
}
