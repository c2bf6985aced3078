"""Reads instances that were de-identified, and what they were made of, with pydicom, and fails where the patient is found.

usage: check_deidentified.py FOLDER    with N.dcm and N.original, the path of the file that it was made of
"""

import glob
import os
import subprocess
import sys
import tempfile
import warnings

import pydicom

warnings.simplefilter("ignore")

GONE = ["PatientBirthDate", "AccessionNumber", "StudyDate", "StudyTime", "ReferringPhysicianName", "StudyID"]
ABSENT = ["PatientAge", "PatientAddress", "OtherPatientIDs", "StudyDescription", "SeriesDescription", "InstitutionAddress"]
MAPPED = ["SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"]


def is_same_but_for_zeros(made, original):
    """What compressed frames say beside their image is overwritten by zeros."""
    if made == original:
        return True
    return len(made) == len(original) and all(one in (0, other) for one, other in zip(made, original))


def decoded(path):
    """Pixels of a compressed file, None where nobody decodes it."""
    with tempfile.NamedTemporaryFile(suffix=".dcm") as raw:
        if subprocess.run(["dcmdjpeg", path, raw.name], capture_output=True).returncode != 0:
            return None
        return pydicom.dcmread(raw.name, force=True).PixelData


def check(made, original):
    assert made.PatientIdentityRemoved == "YES"
    assert made.DeidentificationMethodCodeSequence[0].CodeValue == "113100"
    assert made.file_meta.MediaStorageSOPInstanceUID == made.SOPInstanceUID
    assert made.file_meta.TransferSyntaxUID.is_valid
    for keyword in GONE:
        assert keyword not in made or not made[keyword].value, keyword
    for keyword in ABSENT:
        assert keyword not in made, keyword
    for keyword in MAPPED:
        if original.get(keyword):
            assert made[keyword].value.startswith("2.25."), keyword
            assert made[keyword].value != original[keyword].value, keyword
    if original.get("PatientID"):
        assert made.PatientID and made.PatientID != original.PatientID
    if original.get("PatientName"):
        assert made.PatientName != original.PatientName
    for element in made.iterall():
        assert not element.tag.is_private, element.tag
        assert element.tag.group >= 8 and element.tag.group // 256 not in (0x50, 0x60), element.tag
    assert is_same_but_for_zeros(made.get("PixelData"), original.get("PixelData"))
    assert made.SOPClassUID == original.SOPClassUID


def main(folder):
    files = glob.glob(os.path.join(folder, "*.dcm"))
    for file in files:
        with open(file[:-4] + ".original") as path:
            name = path.read()
        try:
            made, original = pydicom.dcmread(file), pydicom.dcmread(name, force=True)
            check(made, original)
            if made.get("PixelData") != original.get("PixelData"):
                assert decoded(file) == decoded(name), "decoded pixels"
        except Exception as problem:
            raise SystemExit("%s: %s: %s" % (name, type(problem).__name__, problem))
    print("%d files" % len(files))


main(sys.argv[1])
