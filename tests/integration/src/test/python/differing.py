"""Tells, as JSON, which files pydicom reads another data set in than in their counterparts.

Argument: a JSON file that has an array of pairs of paths. Group lengths and padding at the end are left out.
"""

import json
import sys
import warnings
from pathlib import Path

import pydicom

PADDING = 0xFFFCFFFC


def read(path):
    dataset = pydicom.dcmread(path, force=True)
    for tag in [element.tag for element in dataset if element.tag.element == 0 or element.tag == PADDING]:
        del dataset[tag]
    if "PixelData" in dataset:
        # of fragments it is OB, whatever the file says
        dataset["PixelData"].VR = "OB"
    return dataset


def main(pairs):
    warnings.simplefilter("ignore")
    json.dump([one for one, other in pairs if read(one) != read(other)], sys.stdout)


main(json.loads(Path(sys.argv[1]).read_text()))
