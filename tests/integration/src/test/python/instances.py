"""Tells what pydicom reads in the files of a folder that identify an instance, as JSON.

Argument: the folder.
"""

import hashlib
import json
import sys
import warnings
from pathlib import Path

import pydicom
from pydicom.encaps import generate_pixel_data_frame

IDENTITY = ["SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"]
PIXELS = ["FloatPixelData", "DoubleFloatPixelData", "PixelData"]
# long ones, and those whose JSON depends on what is taken for long
BINARY = {"OB", "OD", "OF", "OL", "OV", "OW", "UN"}


def swapped(data, size):
    result = bytearray(len(data))
    for byte in range(size):
        result[byte::size] = data[size - 1 - byte :: size]
    return bytes(result)


def frames(dataset):
    keyword = next((each for each in PIXELS if each in dataset), None)
    if keyword is None:
        return []
    count = int(dataset.get("NumberOfFrames") or 1)
    data = dataset[keyword].value
    if dataset.file_meta.TransferSyntaxUID.is_encapsulated:
        return list(generate_pixel_data_frame(data, count))
    samples = 2 if dataset.PhotometricInterpretation.endswith("422") else dataset.SamplesPerPixel
    length = dataset.Rows * dataset.Columns * samples * dataset.BitsAllocated // 8
    if not dataset.is_little_endian:
        unit = {"OB": 1, "OW": 2}[dataset[keyword].VR]
        data = swapped(data, unit)
    return [data[i * length : (i + 1) * length] for i in range(count)]


def attributes(dataset):
    """The JSON model of what has text or numbers, at the top; text has been decoded, so the character set is left out."""
    result = {}
    for element in dataset:
        if element.VR in BINARY or element.VR == "SQ" or element.tag.is_private or element.tag.group < 8:
            continue
        if element.tag == 0x00080005 or element.tag.element == 0:
            continue
        model = element.to_json_dict(None, 1 << 20)
        if "Value" in model:
            result[f"{int(element.tag):08X}"] = model
    return result


def describe(path, root):
    data = path.read_bytes()
    dataset = pydicom.dcmread(path, force=True)
    identity = {keyword: dataset.get(keyword) for keyword in IDENTITY}
    if not all(identity.values()):
        return None
    meta = dataset.file_meta
    result = {"name": str(path.relative_to(root)), **identity, "hasMeta": data[128:132] == b"DICM"}
    try:
        result["transferSyntax"] = meta.TransferSyntaxUID if "TransferSyntaxUID" in meta else None
        result["frames"] = [hashlib.sha256(frame).hexdigest() for frame in frames(dataset)]
        result["attributes"] = attributes(dataset)
    except (AttributeError, EOFError, KeyError, NotImplementedError, TypeError, ValueError) as problem:
        result["problem"] = str(problem)
    return result


def main(root):
    warnings.simplefilter("ignore")
    described = []
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        try:
            instance = describe(path, root)
        except (AttributeError, EOFError, KeyError, NotImplementedError, TypeError, ValueError):
            # it is no DICOM file
            continue
        if instance:
            described.append(instance)
    json.dump(described, sys.stdout)


main(Path(sys.argv[1]))
