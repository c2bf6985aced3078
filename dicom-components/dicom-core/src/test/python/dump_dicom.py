"""Prints what pydicom reads in DICOM files, one line an element, in the form of CanonicalDump.java.

usage: dump_dicom.py FOLDER...
"""

import hashlib
import json
import os
import struct
import sys
import warnings

import pydicom
from pydicom._private_dict import private_dictionaries
from pydicom.encaps import generate_pixel_data_fragment, get_frame_offsets
from pydicom.filebase import DicomBytesIO
from pydicom.multival import MultiValue

BYTES = {"OB", "OD", "OF", "OL", "OV", "OW", "UN", "OB or OW"}
KEEPS_LEADING_SPACE = {"LT", "ST", "UT", "UC", "UR"}


def digest(value):
    return "%d:%s" % (len(value), hashlib.sha256(value).hexdigest()[:16])


def number(value):
    return struct.pack(">d", float(value)).hex()


def text(value, vr):
    value = str(value).rstrip(" \0")
    return json.dumps(value if vr in KEEPS_LEADING_SPACE else value.lstrip(" "))


def one(value, vr):
    if vr in ("IS", "DS"):
        return '""' if value in ("", None) else number(value)
    if vr in ("FL", "FD"):
        return number(value)
    if vr == "AT":
        return "%08X" % int(value)
    if isinstance(value, int):
        return str(value)
    return text(value, vr)


def fragments(data):
    stream = DicomBytesIO(data)
    stream.is_little_endian = True
    _, table = get_frame_offsets(stream)
    parts = [struct.pack("<L", offset) for offset in table]
    # get_frame_offsets tells an empty table as [0]
    head = b"" if data[4:8] == b"\0\0\0\0" else b"".join(parts)
    return " ".join([digest(head)] + [digest(part) for part in generate_pixel_data_fragment(stream)])


def dump(dataset, prefix):
    for tag in sorted(dataset.keys()):
        path = prefix + "%08X" % tag
        try:
            dump_element(dataset[tag], path)
        except ValueError:
            # a value that is not of its VR, which pydicom does not give
            raw = dataset.get_item(tag)
            value = raw.value.decode("latin-1") if isinstance(raw.value, bytes) else raw.value
            print(path, getattr(raw.VR, "value", raw.VR), "invalid", text(value, "LT"))


def dump_element(element, path):
    vr = getattr(element.VR, "value", element.VR)
    if vr == "SQ":
        print(path, "SQ", len(element.value))
        for index, item in enumerate(element.value):
            dump(item, "%s/%d/" % (path, index))
    elif element.tag == 0x7FE00010 and element.is_undefined_length:
        print(path, "fragments", fragments(element.value))
    elif vr in BYTES:
        print(path, vr, digest(element.value or b""))
    elif element.value is None or element.value == "" or element.value == []:
        print(path, vr)
    else:
        values = element.value if isinstance(element.value, (MultiValue, list)) else [element.value]
        print(path, vr, " ".join(one(value, vr) for value in values))


def main():
    warnings.simplefilter("ignore")
    # private elements without a VR are UN here, whatever their manufacturer may mean
    private_dictionaries.clear()
    for folder in sys.argv[1:]:
        for root, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                file = os.path.join(root, name)
                print("FILE", file)
                try:
                    dataset = pydicom.dcmread(file, force=True)
                    dump(dataset.file_meta, "")
                    dump(dataset, "")
                except Exception as problem:
                    print("FAIL", type(problem).__name__, str(problem).replace("\n", " "))


main()
