"""Images of 12 bits in every kind of file that can hold them."""

import io

import imagecodecs
import numpy as np
import tifffile
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid


def png(levels: np.ndarray) -> bytes:
    return bytes(imagecodecs.png_encode(levels.astype(np.uint16)))


def tiff(levels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, levels)
    return stream.getvalue()


def float_tiff(levels: np.ndarray) -> bytes:
    return tiff(levels.astype(np.float32))


def dicom(levels: np.ndarray) -> bytes:
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID, data.SOPInstanceUID = SecondaryCaptureImageStorage, generate_uid(entropy_srcs=["x"])
    data.Rows, data.Columns = levels.shape
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
    data.PixelData = levels.astype("<u2").tobytes()
    data["PixelData"].VR = "OW"
    stream = io.BytesIO()
    data.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


KINDS = {
    "png": (png, "uint16"),
    "tiff": (tiff, "uint16"),
    "float tiff": (float_tiff, "float"),
    "dicom": (dicom, "dicom"),
}
"""By name: how it is written, and the units it is read in."""
ENDINGS = {"png": ".png", "tiff": ".tif", "float tiff": ".tif", "dicom": ".dcm"}
