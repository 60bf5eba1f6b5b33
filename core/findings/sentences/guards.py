"""Sentences of the findings of the guards, said while a run trains."""

GUARDS: dict[str, str] = {
    "process-died.again": "{what}. Nothing is lost but the steps since the last saved state; "
    "training goes on from there with the same settings (attempt {attempt} of {restarts}).",
    "process-died.memory": "{what}. Memory had run out, so training goes on from the last saved state in smaller "
    "pieces (attempt {attempt} of {restarts}). Close other programs, or choose a smaller batch or image size "
    "if it happens again.",
    "stalled": "The training has said nothing for {seconds} s, far longer than it usually takes. It may be busy "
    "with something large, or hang: wait a little, or pause it and go on.",
    "stalled.stopped": "The training process was halted from outside (SIGSTOP) and has done nothing for "
    "{seconds} s. It goes on when it is let go; pausing ends it and keeps what was learned.",
    "stalled.disk": "The training has waited {seconds} s for a disk or network drive. Look whether the drive "
    "is there; training goes on by itself when it answers.",
    "process-died.end": "{what}. It had been started again {restarts} times already, so it isn't tried "
    "once more; what was learned is kept and the run can be resumed.",
    "process-died.state-damaged": "The state saved last was damaged on the disk, so the training goes on from "
    "the one before it, {used}: the steps in between are done again, to the same result.",
    "process-died.states-damaged": "No saved state of the training could be read, they were damaged on the "
    "disk, so it begins anew: what had been learned is learned again, to the same result. Look at the disk.",
    "non-finite-step.pass": "In round {epoch}, {steps} of {of} steps gave an error that isn't a number, so "
    "they were not applied. Lower the learning rate or the class weights.",
    "non-finite-step": "Step {step} of round {epoch} gave an error that isn't a number, so it was not "
    "applied: the network is as it was before. Look at the images of that batch, or lower the learning rate.",
}
