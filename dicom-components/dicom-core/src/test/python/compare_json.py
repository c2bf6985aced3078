"""Compares JSON models of the same data sets: ours, that of dcmtk's dcm2json, and that of pydicom.

usage: compare_json.py LIST

LIST has one line a data set: the original file, our JSON, and a file that we wrote without compressed pixel data, separated
by tabs. Prints one line a difference that is not among the justified ones.
"""

import json
import struct
import subprocess
import sys
import warnings

import pydicom
from pydicom._private_dict import private_dictionaries

# Japanese and Korean code extensions are not in the character conversion of Debian's dcmtk; pydicom's JSON is compared.
DCMTK_CANNOT_CONVERT = ("ISO 2022 IR 87", "ISO 2022 IR 149", "ISO 2022 IR 159")

JUSTIFIED = {
    # dcm2json takes the declared set of an item for that of the whole data set, and its output is not UTF-8
    ("dcmtk", "chrSQEncoding.dcm"): "*",
    # '1A' in an IS: pydicom refuses the whole data set, we write the string
    ("pydicom", "badVR.dcm"): "*",
    # the file says JPEG and is Implicit VR Little Endian, where pixel data is OW (PS3.5 Annex A.1); pydicom gives OB
    ("pydicom", "SC_rgb_jpeg.dcm"): "7FE00010",
    # the words are Big Endian in these files, and Little Endian in JSON (PS3.18 F.2.7), which pydicom forgets
    ("pydicom", "MR_small_bigendian.dcm"): "7FE00010",
    ("pydicom", "MR_small_expb.dcm"): "7FE00010",
    ("pydicom", "rtdose_expb.dcm"): "7FE00010",
    ("pydicom", "rtdose_expb_1frame.dcm"): "7FE00010",
    # an empty set converts nothing; dcm2json says ISO_IR 192 all the same
    ("dcmtk", "empty_charset_LEI.dcm"): "00080005",
    # an odd length, which dcm2json pads and pydicom and we give as it is
    ("dcmtk", "nested_priv_SQ.dcm"): "00010001/0/00010002",
    ("dcmtk", "meta_missing_tsyntax.dcm"): "00010001/0/00010002",
}


def single(number):
    return struct.pack("<f", number) if isinstance(number, (int, float)) else number


def normalized(attribute, tag, who):
    """An attribute without what the two programs do differently to each other or to us, and why we do as we do."""
    values = attribute.get("Value")
    if values is None:
        return attribute
    if attribute["vr"] == "FL":
        # we write the shortest decimal of the single, they one of the double that it makes
        values = [single(value) for value in values]
        # dcm2json writes 0 for -0.0
        values = [single(0) if value == single(-0.0) else value for value in values]
    if attribute["vr"] in ("IS", "DS"):
        # pydicom reads DS as double and writes that
        values = [float(value) if isinstance(value, (int, float)) else value for value in values]
    if attribute["vr"] == "PN":
        # a name of no components is none for dcm2json and us, and "^^^^" for pydicom
        values = [value if value and "".join(value.values()).strip("^= ") else None for value in values]
        # pydicom writes {"Alphabetic": ""} for it among others
        values = [] if values == [None] else values
    if who == "pydicom" and attribute["vr"] == "CS":
        # pydicom takes the padding of the last value for that of all
        values = [value.strip(" ") if value else value for value in values]
    if tag == "00080005" and values not in (["ISO_IR 6"], []):
        # JSON is UTF-8, but pydicom gives the set that the file was in, and dcm2json what items were in
        values = ["ISO_IR 192"]
    return {"vr": attribute["vr"], "Value": values} if values else {"vr": attribute["vr"]}


def compare(ours, theirs, path, who, file):
    for tag in sorted(set(ours) | set(theirs)):
        place = path + tag
        if JUSTIFIED.get((who, file)) in ("*", place):
            continue
        if tag not in ours:
            # we leave group lengths out (PS3.18 F.2.2), pydicom does not
            if who != "pydicom" or not tag.endswith("0000"):
                print(file, who, place, "not in ours")
        elif tag not in theirs:
            print(file, who, place, "in ours only")
        elif ours[tag]["vr"] == theirs[tag]["vr"] == "SQ":
            items, others = ours[tag].get("Value", []), theirs[tag].get("Value", [])
            if len(items) != len(others):
                print(file, who, place, "%d items, ours are %d" % (len(others), len(items)))
            for number, (item, other) in enumerate(zip(items, others)):
                compare(item, other or {}, "%s/%d/" % (place, number), who, file)
        elif who == "dcmtk" and theirs[tag]["vr"] == "UN":
            # we know the VR of standard elements that were written as UN (PS3.5 6.2.2), as pydicom does
            pass
        elif normalized(ours[tag], tag, who) != normalized(theirs[tag], tag, who):
            print(file, who, place, str(theirs[tag])[:200], "ours is", str(ours[tag])[:200])


def by_dcmtk(file):
    result = subprocess.run(["dcm2json", file], capture_output=True, check=False, timeout=60)
    if result.returncode:
        raise ValueError(result.stderr.decode("utf-8", "replace"))
    return json.loads(result.stdout)


def by_pydicom(file):
    dataset = pydicom.dcmread(file, force=True)
    if "PixelData" in dataset and dataset["PixelData"].is_undefined_length:
        del dataset.PixelData
    return json.loads(json.dumps(dataset.to_json_dict(bulk_data_threshold=1 << 40)))


def main():
    warnings.simplefilter("ignore")
    private_dictionaries.clear()
    for line in open(sys.argv[1], encoding="utf-8"):
        original, our_json, written = line.rstrip("\n").split("\t")
        name = original.rsplit("/", 1)[1]
        with open(our_json, encoding="utf-8") as stream:
            ours = json.load(stream)
        for who, program in (("pydicom", lambda: by_pydicom(original)), ("dcmtk", lambda: by_dcmtk(written))):
            try:
                compare(ours, program(), "", who, name)
            except Exception as problem:
                known = who == "dcmtk" and any(term in str(problem) for term in DCMTK_CANNOT_CONVERT)
                if not known and JUSTIFIED.get((who, name)) != "*":
                    print(name, who, "fails:", str(problem).replace("\n", " "))


main()
