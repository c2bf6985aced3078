package org.imagingingestion.camel.instance;

import java.util.ArrayList;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Sequence;
import org.imagingingestion.dicom.SpecificCharacterSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;

/** Encodes all text of a data set in UTF-8, ISO_IR 192. */
final class Utf8 {
    private static final char REPLACEMENT = 0xFFFD;

    private Utf8() {}

    /** @throws DicomException where a text is not valid in its character set, or too long to be held: it would be lost */
    static void transcode(DataSet dataSet) throws DicomException {
        SpecificCharacterSet from = dataSet.characterSet();
        List<Element> elements = new ArrayList<>();
        for (Element element : dataSet) {
            if (element instanceof Sequence sequence) {
                for (DataSet item : sequence.items()) {
                    transcode(item);
                }
            } else if (element.vr().isText()) {
                elements.add(transcoded(element, from));
            }
        }
        if (dataSet.parent() == null) {
            dataSet.setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192");
        } else {
            dataSet.remove(Tag.SpecificCharacterSet);
        }
        elements.forEach(dataSet::put);
    }

    private static Element transcoded(Element element, SpecificCharacterSet from) throws DicomException {
        if (!(element instanceof Element.Value value)) {
            throw failure(element, "is too long");
        }
        byte[] bytes = value.bytes();
        String text = from.decode(bytes, 0, bytes.length, value.vr());
        if (text.indexOf(REPLACEMENT) >= 0) {
            throw failure(element, "is not valid in its character set");
        }
        // with what pads it taken away and put back
        return new DataSet()
                .setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192")
                .setString(element.tag(), element.vr(), stripped(text))
                .get(element.tag());
    }

    private static String stripped(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == 0)) {
            end--;
        }
        return text.substring(0, end);
    }

    private static DicomException failure(Element element, String why) {
        return new DicomException(
                DicomStatus.CANNOT_UNDERSTAND,
                "A rule needs the instance to be in UTF-8, and " + Tag.toString(element.tag()) + " " + why);
    }
}
