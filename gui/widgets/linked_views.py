"""Views that show the same part of their images."""

from collections.abc import Sequence

from counterpoise.gui.widgets.image_view import ImageView


def link(views: Sequence[ImageView]) -> None:
    """Let each of ``views`` show the part that the user chose in another."""

    def follow(source: ImageView) -> None:
        for view in views:
            if view is not source:
                view.set_place(source.place)

    for view in views:
        view.place_changed.connect(lambda view=view: follow(view))
