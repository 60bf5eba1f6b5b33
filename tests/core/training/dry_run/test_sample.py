"""The images of a dry run: the hardest batch, and others that stand for all."""

from pathlib import Path

from counterpoise.core.catalog.types import NO_FRAME, Catalog, ImageRecord, Sources
from counterpoise.core.training.dry_run.sample import draw, hardest_images, spread


def image(label: str, number: int, width: int = 100, part: str = "train") -> ImageRecord:
    return ImageRecord(
        path=f"{part}/{label}/{number}.png", frame=NO_FRAME, label=label, group="", part=part,
        content=f"{number * 7919 % 1009:04d}{label}{part}", width=width, height=100, channels=1, bits=8,
        units="uint8", format="PNG", minimum=0.0, maximum=255.0, mean=120.0, std=55.0,
    )  # fmt: skip


def catalog() -> Catalog:
    """Two rare images, the larger one last, among 400; a validation part."""
    images = [image("common", n, width=100 + n) for n in range(400)]
    images += [image("rare", n, width=50 + n) for n in range(2)]
    images += [image("common", n, part="val") for n in range(100)]
    return Catalog(Sources(Path()), tuple(images), skipped=(), files=len(images))


def test_the_hardest_batch_holds_the_rarest_class_and_the_largest_images() -> None:
    batch = hardest_images(catalog(), "train", 8)
    assert [image.label for image in batch].count("rare") == 2
    assert {image.width for image in batch if image.label == "common"} == set(range(494, 500))


def test_a_sample_is_bounded_and_holds_no_image_twice() -> None:
    sample = draw(catalog(), batch=16, mode="finetune")
    assert len(sample.hardest) == 16
    assert len(sample.hardest) + len(sample.typical) == 192
    assert len(sample.val) == 64
    assert len({(i.path, i.part) for i in sample.images}) == len(sample.images)


def test_any_beginning_of_what_is_spread_stands_for_the_whole() -> None:
    images = [image("common", n) for n in range(128)]
    order = {i.content: n for n, i in enumerate(sorted(images, key=lambda i: i.content))}
    chosen = [order[i.content] for i in spread(images, 128)]
    assert sorted(chosen) == list(range(128))
    quarters = [sum(place // 32 == quarter for place in chosen[:16]) for quarter in range(4)]
    assert quarters == [4, 4, 4, 4]
    assert len(spread(images, 33)) == 33
    assert spread(images, 0) == ()
