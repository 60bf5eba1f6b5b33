"""Sentences of the findings of the guards, said while a run trains."""

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
    "non-finite-step.pass": "In round {epoch}, {steps} of {of} steps gave an error that isn't a number, so "
    "they were not applied. Lower the learning rate or the class weights.",
    "non-finite-step": "Step {step} of round {epoch} gave an error that isn't a number, so it was not "
    "applied: the network is as it was before. Look at the images of that batch, or lower the learning rate.",
    "dead-network": "The network gives every image the same answer (a dead network): its error, {loss}, is "
    "that of guessing without a look at the images, so it learns nothing any more. {cause}",
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
}
