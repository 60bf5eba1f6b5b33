"""Sentences of the findings about the data."""

DATA: dict[str, str] = {
    "unreadable-image": (
        "{number} can't be read: {why}. Damaged files teach nothing and are left out. Copy them again from "
        "where they came, or delete them."
    ),
    "oversized-image": (
        "{number} more pixels than is safe to decode: {why}. Such images are left out. Save them "
        "smaller, or cut out the part that matters."
    ),
    "non-finite-pixels": (
        "{number} values that are no numbers (NaN or infinity). A single such pixel would ruin the "
        "whole network, so such images are left out. Export them again from the program that made them."
    ),
    "unsupported-file": ("{number} passed over: {why}. That is fine unless meant as images."),
    "part-made": (
        "There was no {name} part; it now holds {number}{of} taken from the rest: {asked} asked for, every "
        "class in its share, {together}, the same at every start. Name folders 'train', 'val' and 'test' to"
        " use your own."
    ),
    "extension-mismatch": (
        "The content of {number} isn't what the name says: {which}. Files are read by their content, so "
        "nothing is lost; rename such files if other programs stumble."
    ),
    "blank-image": (
        "{number} one single value in all pixels. There is nothing to learn from that, and a class may"
        " be told by it alone. Have a look, and leave blank images out."
    ),
    "empty-class": (
        "The class '{label}' has no image: {seen}. A class can't be learnt without images. Add some, or "
        "remove its folder."
    ),
    "single-class": (
        "There is only one class, '{label}', so there is nothing to tell apart. Give at least two classes, "
        "each in its own sub-folder."
    ),
    "single-class.none": (
        "{number} left out, and none remains, so there is nothing to learn from. Take some back: in the "
        "gallery, or in data.exclude."
    ),
    "single-class.nested": (
        "There is only one class, '{label}', but it holds folders: {names}. If those are the classes or "
        "parts, choose the folder '{label}' itself; at least two classes are needed."
    ),
    "class-too-small": (
        "The class '{label}' has only {has}. Its results will be very uncertain, whatever the network. Add "
        "images, or join it with a related class."
    ),
    "class-too-small.blocker": (
        "The class '{label}' has only {has}; at least three are needed to have one each to learn from, to "
        "choose with and to test on. Add images, join it with a related class, or remove it."
    ),
    "class-name-collision": (
        "The classes {names} differ only in case, spaces or the way letters are stored. They are probably "
        "meant as one. Rename one of the folders, or leave them if they are meant to differ."
    ),
    "class-imbalance": (
        "The class '{largest}' has {times} times as many images as '{smallest}' ({n_largest} to "
        "{n_smallest}). Rare classes are easily overlooked; the suggested class weights allow for it."
    ),
    "class-imbalance.warning": (
        "The class '{largest}' has {times} times as many images as '{smallest}' ({n_largest} to "
        "{n_smallest}). Weights help only so far: judge the rare class by its own sensitivity, and collect "
        "more images of it if you can."
    ),
    "duplicate-images": (
        "{number} of others in the same class, pixel for pixel. Copies would count twice, so each image is "
        "used once per part. Nothing needs to be done."
    ),
    "duplicate-across-classes": (
        "{number} under more than one label: {which}. At least one of the labels is wrong, and the network "
        "can't learn both. Decide which is right, or leave all of them out."
    ),
    "duplicate-across-splits": (
        "{number} in more than one of your parts ({which}). The network is then tested on what it has seen,"
        " which flatters the result a little. Leave the copies out of training."
    ),
    "duplicate-across-splits.blocker": (
        "{number} in more than one of your parts ({which}). The network would be tested on what it has "
        "seen, and the result would look better than it is. Leave the copies out of training."
    ),
    "near-duplicate": (
        "{number} nearly the same picture in two of the parts: {which}. They may be copies of another size,"
        " border, brightness or compression, mirror images, or neighbouring slices or frames; the network"
        " would be tested on what it has all but seen. Look at the pairs, and leave the near-copies out of"
        " training.{more}"
    ),
    "near-duplicate.labels": (
        "{number} the same or nearly the same picture under two labels: {which}. Their pixels differ, and"
        " neighbouring slices or frames may well have two labels; of one picture, only one label can be"
        " right. Look at the pairs, correct the label, or leave both out.{more}"
    ),
    "near-duplicate.common": (
        "{number} nearly the same picture in two of the parts: {which}. So many images of this set are alike"
        " that this may mean nothing. But if they are neighbouring slices or frames, or copies, the network"
        " would be tested on what it has all but seen. Look at some of the pairs, and tell patients apart, if"
        " you can.{more}"
    ),
    "near-duplicate.unchecked": (
        "{number} of images that look alike couldn't be compared more closely, because there are so many."
        " Copies may be among them. Tell patients apart, if you can, so that what belongs together stays in"
        " one part."
    ),
    "patient-across-splits": (
        "{number} images in more than one of your parts ({n_images}). The network would be tested on people"
        " it has learnt from, and the result would look better than it is. Move each patient into one part,"
        " or leave their training images out."
    ),
    "patients-unknown": (
        "Nothing tells which images are of the same patient, so each counts as a patient of its own. If "
        "some patients have several images, results will look better than they are. Give a labels file with"
        " a column 'patient', if you can."
    ),
    "patients-unknown.pattern": (
        "Nothing was given to tell patients apart, but the {place} may: '{example}' would be patient "
        "'{patient}'; {n_patients} in all, {low} to {high} each. If that is right, use it, so that a "
        "patient's images stay in one part."
    ),
    "patients-unknown.no-match": (
        "The pattern '{pattern}' fits none of the {where}, so no patients are told apart and one patient's "
        "images may stand in two parts. Give a pattern whose first group, in brackets, is the patient."
    ),
    "patients-unknown.some": (
        "{number} no known patient (of {all} in all); each of them counts as a patient of its own. If they "
        "belong to others, results will look better than they are. Complete what names the patients."
    ),
    "mixed-depth": ("Images of different bit depth: {which}. They are brought together: {how}."),
    "mixed-depth.warning": (
        "Images of different bit depth: {which}, and the depth goes along with the class. The network could"
        " learn the device instead of the finding. Export all classes the same way; until then, {how}."
    ),
    "mixed-color": (
        "{n_color} stored in colour and {n_grey} in grey. Grey ones are read as colour with three equal"
        " channels."
    ),
    "mixed-color.stored": (
        "{n_color} stored in colour and {n_grey} in grey, and that goes along with the class. {n_equal} of"
        " the colour ones show grey only, which a network can't tell from the others; but it may learn what"
        " else differs, if the classes come from different places. Compare them with care."
    ),
    "mixed-color.warning": (
        "{n_color} stored in colour and {n_grey} in grey, and that goes along with the class. The "
        "network could learn the way of storing instead of the finding. Export all classes the same way."
    ),
    "outlier-size": (
        "{number} of a size far from the usual {usual} pixels. That may be a scan of another kind, or a "
        "report; have a look."
    ),
    "identifiers-present": (
        "{number} what could tell who a patient is ({what}), {places}. Nothing of it goes into models,"
        " runs or reports, but the images themselves carry it on. Remove it before you share them."
    ),
    "identifiers-present.tags": (
        "{number} {what} {places}. They are never copied: patients appear only under pseudonyms."
    ),
    "identifiers-present.writing": (
        "{number} to have writing in the picture itself. That is a guess from its strokes: it may be a name"
        " or a date, or just a word such as 'supine'. Have a look, and cut off or cover names before you"
        " share the images; a network may learn the writing, too.{sampled}"
    ),
    "multi-frame": (
        "{number} several images, {n_frames} in all. Each counts as one; those of one file are of one "
        "patient and stay in one part."
    ),
    "label-unknown": (
        "{number} of the labels file can't be used ({which}). Training without them would not be what you "
        "asked for. Mend or remove these rows."
    ),
    "shortcut": (
        "By {what} alone, whatever is shown, {share} of '{label}' can be told, with {others} of the others "
        "taken for it.{also} A network may learn that instead of what matters, and fail elsewhere. If it "
        "comes from how the images were made, make it the same for all classes."
    ),
}
