"""Name and version of the product."""

from importlib.metadata import PackageNotFoundError, version


def product_version() -> str:
    try:
        return version("counterpoise")
    except PackageNotFoundError:
        return "0 (not installed)"


def version_line() -> str:
    return f"counterpoise {product_version()}"
