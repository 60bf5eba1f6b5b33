"""Titles and sentences of what is said of a run that failed or learned nothing; ``{cause}`` ends them."""

DIAGNOSES: dict[str, tuple[str, str]] = {
    "unstable": (
        "Training couldn't be kept steady",
        "{what} in round {epoch}, and going back with shorter steps, {times}, didn't help. {cause}",
    ),
    "memory": (
        "Memory ran out",
        "The training ran out of memory {times}, and smaller pieces didn't help. {cause}",
    ),
    "died": (
        "The training process kept ending",
        "It ended by itself {times}: {how}. What was learned is kept. Go on; if it ends like this again, "
        "{advice}.",
    ),
    "disk-full": (
        "The disk is full",
        "Nothing more could be saved, so training ended. The last saved state is whole: free some space, "
        "then go on.",
    ),
    "source-lost": (
        "The images can't be reached",
        "{what} Nothing that was learned is lost: bring the images back, then go on.",
    ),
    "silent": (
        "Training ended without a word",
        "The process that looks after the training has gone, perhaps because it was killed or the computer "
        "was switched off. What was saved is kept: go on from there.",
    ),
    "failed": ("Training ended before it was done", "{message}"),
    "dead": (
        "The network learned nothing",
        "It gives every image the same answer, whatever it shows. {cause}",
    ),
    "unmoved": (
        "It has hardly moved",
        "After {rounds} its answers are hardly better than always naming the shares of the classes: the loss "
        "is {loss}, and {shares} is what the shares alone give. {cause}",
    ),
    "worse-than-shares": (
        "Its probabilities are of no use",
        "They are farther from the truth than always naming the shares of the classes: the Brier score on "
        "{images} is {brier}, and the shares alone give {shares} (less is better). {cause}",
    ),
    "no-signal": (
        "No difference was found",
        "The classes are told apart no better than by chance: the AUC is {auc} on {images}, and 0.5 is "
        "chance. {cause}",
    ),
    "too-few": (
        "Too few images to tell",
        "The AUC is {auc} on {images}: anything from chance to good is possible, and so few can't tell "
        "which. More images, above all of '{smallest}' (it learned from {count}), would tell.",
    ),
    "collapse": (
        "One class for every image",
        "It decides for '{label}' whatever the image shows: so for all {images} of validation, though "
        "{others} of them belong to other classes. {cause}",
    ),
    "class-missed": (
        "A class is hardly ever found",
        "Of {images} of '{label}' in validation {found} found; most were taken for '{other}'. {cause}",
    ),
    "overfitting": (
        "Learned by heart from the start",
        "From round {best} on it got better on the images it learned from (loss {first} to {last}) and "
        "worse on others ({val_first} to {val_last}). {cause}",
    ),
    "budget": (
        "Time ran out while it still got better",
        "The {minutes} were over in round {round} of at most {rounds}, and it was still improving. With "
        "more time it may get better.",
    ),
    "rounds": (
        "The rounds ran out while it still got better",
        "It was still improving in its last round, {round}. With more rounds it may get better.",
    ),
    "stopped": (
        "Stopped while it still got better",
        "It was stopped in round {round} of at most {rounds} and was still improving. Trained to its end it"
        " may get better.",
    ),
}
