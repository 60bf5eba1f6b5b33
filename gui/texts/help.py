"""Words of the help window; the longer pages lie in resources/help."""

TITLE = "Help"
OPEN = "Help"
OPEN_HINT = "Help (F1)"
SEARCH = "Search the help"
PAGES_NAME = "Pages of the help"
VIEW_NAME = "Help text"
BACK = "Back"
BACK_HINT = "Back (Alt+Left)"
NOTHING = "Nothing found. Try a shorter word."
MORE = "More:"
ACCEPTABLE = "Training can be started in spite of it, if you accept it; the report will say so."
NO_RECORD = "The comparison hasn't been recorded in this copy of the program."

PAGES = {
    "steps": "The way in seven steps",
    "balance": "Weights and pixel scaling",
    "training": "While it trains",
    "figures": "What the figures mean",
    "findings": "When something goes wrong",
    "private": "What leaves this computer",
    "comparison": "Beside plain Keras",
}
OF_STEP = {
    "data": "steps#data",
    "inspect": "steps#inspect",
    "balance": "balance",
    "check": "steps#check",
    "train": "training",
    "results": "figures",
    "export": "steps#export",
}
"""Where the help opens while a step is shown."""

STEPS_LEAD = (
    "Choose a folder, Next, Next, Train: everything else is optional. Each step has one main button; what "
    "only few need is folded away."
)
STEPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "data": (
        (
            "Drop a folder with one sub-folder per class, such as normal and pneumonia. Folders named train, "
            "val and test are taken as your own parts; what is missing is made from the rest, by patient.",
            "JPEG, PNG, BMP, GIF, WebP, TIFF and DICOM are read, by their content and not by their name. "
            "Images are never changed, and nothing is written into your folder.",
        ),
        ("private",),
    ),
    "inspect": (
        (
            "Look at what was read: how many images of each class in each part, and what is wrong with them. "
            "Each finding has its images one click away, and a button that mends it where that is possible.",
            "Double-click an image for a large view. Choose one or many to give them another label, to leave "
            "them out, or to move them to another part; undo takes the last change back, also after the "
            "study was closed, and the files stay as they are. Show what you want to see by class, part, "
            "finding, size, brightness and more, in sections if you like; images that you have changed keep "
            "their places until you sort again.",
            "Pictures of the data: brightness, sizes and average image of each class. A class that lies "
            "apart there may be told by how its images were made. A click shows the images behind a picture, "
            "and all of it can be saved as a report of the data.",
            "Patients: how the images of one patient are recognised, so that they stay in one part. Where "
            "the names of files or folders seem to tell, you see the pattern on your own names, and one "
            "click takes it. You can also try a pattern of your own, give a labels file, or say that each "
            "image is a patient. A click on a patient shows that patient's images.",
            "Second look: which labels a network would give differently, having learned from other patients' "
            "images, about how many are wrong, and which images are unlike their class, or nearly the same "
            "in two parts. It suggests; you decide: relabel, leave out, or say that the label is right, and "
            "it isn't doubted again. A trial with labels made wrong on purpose tells how far the look can be "
            "trusted on your images, and how far to look. The test part stays closed unless you ask.",
        ),
        ("findings",),
    ),
    "balance": (
        (
            "Choose how much each class counts and in which range the network sees the pixels, with a live "
            "picture of both, and the checks' verdict beside them. Suggested is right for most.",
        ),
        ("balance",),
    ),
    "check": (
        (
            "What would spoil the training or its result, the most urgent first, before any time is spent. "
            "A fix is one click and can be undone.",
            "The dry run takes some real steps in a process of its own, and tells whether they go well, how "
            "long the training will take and which learning rates are safe.",
        ),
        ("findings",),
    ),
    "train": (
        (
            "Quick gives a first answer in seconds to minutes; thorough adapts the whole network. Pause, "
            "stop with the best state, or close the window: the training can go on without it.",
        ),
        ("training",),
    ),
    "results": (
        (
            "First one sentence and one picture, then the figures with their ranges, and the worst errors as "
            "images. The test images stay closed until you open them: do it once, at the end.",
        ),
        ("figures",),
    ),
    "export": (
        (
            "Write the network in the format that another program needs. Each file is loaded again and must "
            "give the same answers as the run. The report is one page for people.",
            "Drop new images to see what the network says of them.",
        ),
        ("private", "figures"),
    ),
}
KEYS_TITLE = "Keys"
KEYS = (
    ("F1", "This help, at the step in hand"),
    ("Alt+1 to Alt+7", "Go to a step"),
    ("Ctrl+Return", "The main button"),
    ("Ctrl++, Ctrl+-, Ctrl+0", "Larger, smaller, normal text"),
    ("Arrow keys, with Shift, with Ctrl", "In the gallery: move, choose a range, move without choosing"),
    ("Ctrl+A, S, Ctrl+I, Escape", "In the gallery: choose all, a section, the others, none"),
    ("Space, Ctrl+Space", "In the gallery: look closer, choose one more or less"),
    ("R, M, X, T", "In the gallery: another label, another part, leave out, take in again"),
    ("P, F, Ctrl+F, F5", "In the gallery: the patient's images, larger, find, sort again"),
    ("+, -, Ctrl and wheel", "In the gallery: larger and smaller pictures"),
    ("Arrow keys, Escape", "In the large view: next and previous image, back"),
    ("+, -, 0, Ctrl and arrow keys", "In the large view: zoom, fit, move"),
    ("Shift and arrow keys, 1 to 9", "In the large view: window and level, the windows offered"),
    ("I, N", "In the large view: invert, what the network sees"),
    ("Page up, Page down", "In the large view: the frames of a file"),
    ("R, M, X, T", "In the large view: as in the gallery"),
    ("Arrow keys, 1, 2, D, I", "Beside a copy: pairs, leave out the left or right one, difference, invert"),
    ("Ctrl+Z, Ctrl+Y", "In the inspect step: undo, redo; also what was done before the study was closed"),
    ("Ctrl+F", "In the help: search"),
    ("Alt+Left", "In the help: back"),
    ("Escape", "Close the help"),
)
SUBJECTS = {"data": "About the images", "settings": "About the settings", "guard": "While it trains"}

SIDES = {"keras": "Plain Keras", "counterpoise": "Counterpoise"}
VERDICTS = {
    "silent": "went wrong without a word",
    "hint": "went wrong, with a hint that names no cause",
    "named": "stopped, or went wrong, and named the cause",
    "fine": "came out well",
}
"""In the order in which they are shown."""
SHORT = {
    "silent": "without a word",
    "hint": "only a hint",
    "named": "names the cause",
    "fine": "comes out well",
}
MARKS = {"silent": "✕", "hint": "?", "named": "!", "fine": "✓"}
DOES = {
    "fine": "Goes well.",
    "refused": "Doesn't start.",
    "mended": "Goes on.",
    "impossible": "Can't happen.",
    "error": "Stops with an error.",
    "dies": "The process dies.",
    "hangs": "Hangs.",
    "nan": "Becomes NaN.",
    "dead": "One answer for all.",
    "wrong": "Goes on wrongly.",
    "lost": "Loses the work.",
}
HOW_JUDGED = (
    "Named means that the error or warning holds a word of the cause. A hint is an error or a warning that "
    "names no cause, a loss of nan in the progress line, or a count that only who knows it can doubt. Where "
    "plain Keras does well or says it clearly, that is shown as well, and so is where Counterpoise is "
    "stricter than needed."
)
