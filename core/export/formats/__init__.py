"""The export formats there are; a new one is one file and one entry."""

from counterpoise.core.errors import UsageError, did_you_mean
from counterpoise.core.export.formats import keras, litert, onnx, savedmodel
from counterpoise.core.export.formats.format import ExportFormat

FORMATS: dict[str, ExportFormat] = {
    module.FORMAT.name: module.FORMAT for module in (keras, savedmodel, onnx, litert)
}


def export_format(name: str) -> ExportFormat:
    """Return the format called ``name``; raises UsageError with the nearest known name."""
    try:
        return FORMATS[name]
    except KeyError:
        raise UsageError(f"There is no export format called '{name}'.{did_you_mean(name, FORMATS)}") from None


__all__ = ["FORMATS", "ExportFormat", "export_format"]
