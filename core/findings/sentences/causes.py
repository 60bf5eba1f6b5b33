"""Sentences about what in a run's settings most likely caused a fault; they end the sentence of the fault."""

CAUSES: dict[str, str] = {
    "pixels": (
        "The network saw pixels from {low} to {high}, and learns from values near -1 to 1: choose a pixel "
        "scaling."
    ),
    "pixels.stored": (
        "The network saw the pixels as they are stored, and learns from values near -1 to 1: choose a "
        "pixel scaling."
    ),
    "pixels.flat": (
        "After scaling the pixels differ by less than {spread}, so that all images look the same to the "
        "network: choose another pixel scaling."
    ),
    "rate": (
        "The learning rate of {rate} is {times} times what {optimizer} bears in this way of training: stay"
        " below about {safe}."
    ),
    "weights.rate": (
        "An image of '{largest}' counts {weight} times, so that the learning rate of {rate} works like "
        "{effective} for it, more than the {limit} that {optimizer} bears: bring the weights closer "
        "together."
    ),
    "weights.ratio": (
        "An image of '{largest}' counts {ratio} times as much as one of '{smallest}', so that a few images"
        " decide every step: bring the weights closer together."
    ),
    "weights.mean": (
        "The class weights are {mean} on average instead of one, so that the learning rate of {rate} works"
        " like {effective}: bring the mean weight to one."
    ),
    "slow": (
        "The learning rate of {rate} is {times} times smaller than what is usual here, so that hardly "
        "anything was learned: use the suggested one."
    ),
    "half": (
        "Half precision (float16) ends at 65,504, and the class weights of up to {weight} come on top: "
        "train in full precision."
    ),
    "rounds": "There {were} only {rounds}, and {usual} are usual: let it learn longer.",
    "batches": (
        "{share} of the batches of {batch} held no image of '{label}', which has {count}: use larger "
        "batches, or draw the classes equally often."
    ),
    "twice": (
        "Rare classes were drawn more often and counted up to {ratio} times as much as well: use either "
        "weights or balanced sampling."
    ),
    "target": (
        "A {rule} of {target} was asked for, and only the same answer for all images reaches it: ask for "
        "less, or let the line be drawn in the balance."
    ),
    "argmax": (
        "The most probable class is decided for, and '{largest}' makes up {share} of the training images, "
        "so that it always wins: let the line be drawn in the balance."
    ),
    "batch-memory": "Memory goes with the batch: use {fewer} images instead of {batch}.",
    "size-memory": "Memory goes with the image size: use {smaller} pixels instead of {size}.",
    "scratch": (
        "A network that starts from nothing had only {images} to learn from, and learns them by heart: "
        "start from the pretrained one."
    ),
    "variations": (
        "The images were shown without variations, {rounds} times each: let them vary a little each time."
    ),
    "otherwise.non-finite": (
        "No setting is far out of its range, so look at the images of the refused steps first; shorter "
        "steps help as well."
    ),
    "otherwise.exploding": (
        "No setting is far out of its range, but shorter steps help: use a lower learning rate."
    ),
    "otherwise.dead": (
        "No setting is far out of its range, but shorter steps help: use a lower learning rate."
    ),
    "otherwise.collapse": (
        "No setting is far out of its range: the images may not show the difference, or there may be too "
        "few of '{smallest}' ({count})."
    ),
    "otherwise.memory": (
        "The smallest batch is in use already: close other programs, or use a computer with more memory."
    ),
    "otherwise.no-signal": (
        "No setting is far out of its range: the images may not show the difference, the labels may be "
        "uncertain, or {images} may be too few. Look at some images and their labels first."
    ),
    "otherwise.no-signal.features": (
        "The quick way only knows what photographs taught it, and that may not be enough for these images:"
        " the thorough way adapts to them. If that finds no difference either, doubt the labels, or give "
        "more images."
    ),
    "uncorrected": (
        "The classes counted up to {ratio} times as much as they occur, and that wasn't put back afterwards: "
        "let the probabilities be corrected."
    ),
    "otherwise.unmoved": ("No setting is far out of its range: look at some images and their labels first."),
    "otherwise.probabilities": (
        "No setting is far out of its range: there may be too few images ({images}) for probabilities that "
        "can be relied on."
    ),
    "otherwise.overfitting": "More images would help most; the state before it got worse is kept.",
}
