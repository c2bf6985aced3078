package org.imagingingestion.camel.dicomweb;

import java.util.ArrayList;
import java.util.List;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;

/** The frames that a path names: numbers from 1, separated by commas (PS3.18 §10.4.1.1.6). */
final class FrameList {
    private static final int LONGEST_NUMBER = 9;

    private FrameList() {}

    /**
     * Reads a list.
     *
     * @param count frames that there are
     * @throws DicomException 400 where it is no list of numbers, 404 where a frame is not there
     */
    static List<Integer> parse(String text, int count) throws DicomException {
        List<Integer> numbers = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String number = part.strip();
            if (number.isEmpty() || !number.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw new DicomException(
                        DicomStatus.INVALID_ARGUMENT_VALUE,
                        "The frames in the path are not numbers separated by commas");
            }
            int frame = number.length() > LONGEST_NUMBER ? Integer.MAX_VALUE : Integer.parseInt(number);
            if (frame < 1 || frame > count) {
                throw new DicomException(
                        DicomStatus.NO_SUCH_OBJECT_INSTANCE,
                        "There is no frame " + number.substring(0, Math.min(number.length(), LONGEST_NUMBER))
                                + "; the instance has " + count);
            }
            numbers.add(frame);
        }
        return numbers;
    }
}
