"""Sentences of the findings of the guards, said while a run trains."""

GUARDS: dict[str, str] = {
    "process-died.again": "{what}. Nothing is lost but the steps since the last saved state; "
    "training goes on from there with the same settings (attempt {attempt} of {restarts}).",
    "process-died.memory": "{what}, and the system's record says that memory had run out. Training goes on "
    "from the last saved state (attempt {attempt} of {restarts}); close other programs, or choose a smaller "
    "batch or image size if it happens again.",
    "process-died.end": "{what}. It had been started again {restarts} times already, so it isn't tried "
    "once more; what was learned is kept and the run can be resumed.",
    "non-finite-step.pass": "In round {epoch}, {steps} of {of} steps gave an error that isn't a number, so "
    "they were not applied. Lower the learning rate or the class weights.",
    "non-finite-step": "Step {step} of round {epoch} gave an error that isn't a number, so it was not "
    "applied: the network is as it was before. Look at the images of that batch, or lower the learning rate.",
}
