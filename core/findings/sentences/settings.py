"""Sentences of the findings about the settings."""

SETTINGS: dict[str, str] = {
    "weight-invalid": (
        "The class weights can't be used: {faults}. Without a positive number for every class training "
        "gives nothing or NaN. Give one for each class, or use the suggested weights."
    ),
    "weight-ratio-extreme": (
        "An image of '{largest}' counts {times} times as much as one of '{smallest}'. A few images then "
        "decide every step, and training can jump about or break. Keep the weights closer together."
    ),
    "weight-changes-learning-rate": (
        "The weights are {mean} on average, so that the learning rate of {rate} works like {effective}, "
        "{times} times {direction}. Bring the mean weight to one, or set the rate accordingly."
    ),
    "weight-changes-learning-rate.adaptive": (
        "The weights are {mean} on average instead of one ({times} times {direction}). The optimizer "
        "{optimizer} hardly feels it; with plain steps the rate of {rate} would work like {effective}."
    ),
    "weighting-twice": (
        "Rare classes are drawn more often and count up to {ratio} times as much as well. That lifts them "
        "twice and leads to many false alarms. Use either weights or balanced sampling."
    ),
    "pixels-unscaled": (
        "The network would see values from {range}, but can only learn from values near -1 to 1. It would "
        "end stuck or with NaN, often without an error. Choose a pixel scaling."
    ),
    "pixels-unscaled.adaptive": (
        "The network would see values from {range}, but learns best from values near -1 to 1. {optimizer} "
        "may recover from the enormous first errors, but learns later and fails with heavy weights. Choose a "
        "pixel scaling."
    ),
    "pixels-unscaled.flat": (
        "After the scaling the images would differ by only {spread:.2g} (one standard deviation), where a "
        "network expects about one. It would end with the same answer for all of them. Choose a range that "
        "fits the images."
    ),
    "scaling-degenerate.constant": (
        "All training images hold one single value, {value}. There is nothing to tell them apart by. "
        "Check whether these are the right images."
    ),
    "scaling-degenerate.channel": (
        "The channel {names} has the same value in all images looked at, so that its range has no width. "
        "Scaling would divide by zero. Choose a scaling that needs no range."
    ),
    "scaling-degenerate.percentile": (
        "The 1st and the 99th percentile of the pixels are the same value, so that the range has no width. "
        "Scaling would divide by zero. Choose another scaling."
    ),
    "scaling-degenerate.width": (
        "The window has {shown}. A range without width makes every pixel the same. "
        "Give a window as centre and width, the width above zero."
    ),
    "scaling-degenerate.no-window": (
        "The scaling is by window, but no window was given. Without centre and width there is no range. "
        "Give scaling.window = [centre, width]."
    ),
    "scaling-degenerate.no-pixels": (
        "The window from {window} holds none of the pixels, which run from {pixels}. Every image would "
        "come out black or white. Choose a window within the values of the images."
    ),
    "scaling-mismatch": (
        "The range of {range} cuts away {part} of the pixels in which the images differ. What lies outside "
        "is lost to the network. Widen it, or scale from darkest to brightest."
    ),
    "scaling-mismatch.absolute": (
        "Each image would be scaled by itself, but in CT the values themselves carry meaning (Hounsfield "
        "units). Differences in density between patients get lost. Use one scaling for all images."
    ),
    "learning-rate-too-high": (
        "The learning rate of {rate} is too high for {optimizer} in this way of training. The loss would "
        "swing or grow without end. Stay below about {safe}."
    ),
    "learning-rate-too-high.weighted": (
        "With these class weights the learning rate of {rate} works like {class_rate} for the heaviest "
        "class, too high for {optimizer} in this way of training. The loss would jump about or grow. "
        "Stay below about {safe}, or bring the weights closer together."
    ),
    "learning-rate-too-high.measured": (
        "In the test of learning rates on your images the error grows again from {from} on, and {rate} is "
        "planned. The training would swing, give poor results or break. Stay below about {safe}."
    ),
    "learning-rate-too-high.bright": (
        "With pixels this far from -1 to 1 the learning rate of {rate} works like {class_rate}, too high for "
        "{optimizer} in this way of training. The loss would jump about or grow. "
        "Scale the pixels, or stay below about {safe}."
    ),
    "batch-misses-minority": (
        "With batches of {batch_size}, {share} of them hold no image of '{label}' ({count} to train "
        "on). The network then forgets the class between the few it sees. Use larger batches, or draw the "
        "classes equally often."
    ),
    "batch-too-large": (
        "A batch of {batch} images is asked for, but the training part has {images}. Use a smaller batch."
    ),
    "memory-short": (
        "Training needs about {needed} of memory with batches of {batch}, and {free} are free. It could be "
        "ended by the system half-way. Batches of {fitting} fit."
    ),
    "memory-short.anyhow": (
        "Training needs about {needed} of memory with batches of {batch}, and {free} are free; even the "
        "smallest batch may not fit. Close other programs, or choose a smaller image size."
    ),
    "memory-short.measured": (
        "By the trial steps, training takes about {needed} of memory with batches of {batch}, and {free} "
        "were free. It could be ended by the system half-way. Batches of {fitting} fit."
    ),
    "memory-short.measured-anyhow": (
        "By the trial steps, training takes about {needed} of memory with batches of {batch}, and {free} "
        "were free; smaller batches hardly change that. Close other programs, or choose a smaller image size."
    ),
    "precision-overflow": (
        "Half precision (float16) ends at 65,504: with a class weight of {weight} and pixels up to {pixel} "
        "most steps would be skipped without a word. Train in full precision."
    ),
    "split-lacks-class": (
        "{places}. Figures for such a class can't be given, and the best state can't be chosen fairly. "
        "Add images, or change the parts."
    ),
    "split-lacks-class.training": (
        "{places}. A class without training images can't be learnt. Add images, or change the parts."
    ),
    "evaluation-too-small": (
        "The test part has {amount}, so that at worst the accuracy can only be told to within ±{points} "
        "points. "
        "A firm figure needs at least 93. Add more, or read the result with its interval."
    ),
    "evaluation-too-small.class": (
        "The test part has {amount} of '{label}', so that at worst its sensitivity can only be told to "
        "within ±{points} points.{others} Read these figures with their intervals."
    ),
    "image-size-mismatch.small": (
        "An image size of {asked} pixels is below the {minimum_size} that this network can take, so that "
        "{image_size} is used. Choose that or more."
    ),
    "image-size-mismatch.upscaled": (
        "Images of about {original} pixels would be blown up {times} times, to {image_size}. That costs time "
        "and adds nothing. Use a smaller image size."
    ),
    "image-size-mismatch.detail": (
        "Images of about {original} pixels would be shrunk {times} times, to {image_size}. Findings of a few "
        "pixels get lost. Use a larger image size if such details matter."
    ),
    "disk-short": (
        "About {needed} are needed in {folder}, and {free} are free. Training would stop half-way. "
        "Free some space, or choose another folder."
    ),
    "folder-unwritable": (
        "The {purpose} can't be written to {folder}: {reason}. Nothing that is learnt could be kept. "
        "Choose another folder."
    ),
    "folder-unwritable.occupied": (
        "The folder {folder} for the run isn't empty. A run must not mix with other files. "
        "Choose a new folder, or go on with --resume if it holds a run."
    ),
    "augmentation-unsafe": (
        "The variations '{augment}' mirror the images. Where left and right carry meaning, as in X-rays with "
        "the heart on one side, that changes what is shown. Use variations without mirroring."
    ),
    "no-gpu": (
        "There is no GPU to train on: {reason}. Training runs on the processor, which is fine for the quick "
        "way and slow for the thorough one. Nothing needs to be done."
    ),
    "no-gpu.half": (
        "There is no GPU to train on: {reason}. Half precision ({precision}) is made for a GPU; on most "
        "processors it saves nothing and makes every step longer. Train in full precision."
    ),
    "no-gpu.asked": (
        "Training on a GPU was asked for, but {reason}. It can't start so. Train on the processor instead."
    ),
    "gpu-unusable": (
        "There is a GPU, but it can't be used: {reason}. Training runs on the processor and takes longer. "
        "Mend the cause, or go on without."
    ),
    "gpu-unusable.asked": (
        "Training on the GPU was asked for, but it can't be used: {reason}. It can't start so. "
        "Mend the cause, or train on the processor."
    ),
    "dry-run-failed": (
        "Trial steps with these settings failed: {cause}. The real training would fail as well. {why}"
    ),
    "dry-run-failed.rate": (
        "Trial steps with these settings failed: {cause}. The real training would fail as well. In the test "
        "of learning rates on your images the error grows again from {from} on, and {rate} is planned: stay "
        "below about {safe}."
    ),
    "dry-run-failed.memory": (
        "Trial steps with these settings failed {where}: memory ran out with batches of {batch}{peak}. "
        "The real training would end in the same way. {why}"
    ),
    "dry-run-failed.died": (
        "Trial steps with these settings failed {where}: {cause}. The real training is likely to end in the "
        "same way. Try once more with other programs closed; if it ends again, choose a smaller image size "
        "or smaller batches."
    ),
    "dry-run-failed.stopped": (
        "Trial steps with these settings failed {where}: {cause}. The real training would end in the same "
        "way. Mend that first."
    ),
}
