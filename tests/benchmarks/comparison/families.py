"""All families of mistakes, in the order in which they are shown."""

import origin, weights, pixels, files, labels, parts, learning, machine  # noqa: E401, F401, I001
