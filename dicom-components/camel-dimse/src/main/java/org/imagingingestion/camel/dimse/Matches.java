package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Element;
import org.imagingingestion.dicom.Sequence;
import org.imagingingestion.dicom.SpecificCharacterSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.QueryResult;

/** Makes of what a search finds the identifiers that answer it (PS3.4 §C.4.1.1.3.2). */
final class Matches {
    private static final byte ESC = 0x1B;

    private final Identifier identifier;
    private final String aeTitle;
    private final SpecificCharacterSet wanted;
    private final Set<Integer> keys = new HashSet<>();
    private final int unique;

    /** @param aeTitle that the matches can be retrieved from */
    Matches(Identifier identifier, String aeTitle) {
        this.identifier = identifier;
        this.aeTitle = aeTitle;
        wanted = identifier.dataSet().characterSet();
        unique = Identifier.uniqueKey(identifier.level());
        identifier.dataSet().forEach(element -> keys.add(element.tag()));
    }

    /** @param match a data set, or one in the DICOM JSON model */
    DataSet answer(Object match) throws IOException, DicomException {
        return answer(match instanceof DataSet dataSet ? dataSet : read((byte[]) match));
    }

    private DataSet read(byte[] json) throws IOException, DicomException {
        byte[] text = json;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == QueryResult.BASE_URL) {
                // a URL without its server is of no use to who asks by DIMSE
                text = text == json ? json.clone() : text;
                text[i] = '/';
            }
        }
        return DicomJson.read(text, this::isWanted);
    }

    private boolean isWanted(int tag) {
        return keys.contains(tag) || tag == Tag.SpecificCharacterSet || tag == unique;
    }

    private DataSet answer(DataSet match) {
        DataSet answer = new DataSet();
        SpecificCharacterSet characters = characters(match);
        if (characters.definedTerms().length > 0) {
            answer.setString(Tag.SpecificCharacterSet, VR.CS, characters.definedTerms());
        }
        for (Element key : identifier.dataSet()) {
            int tag = key.tag();
            if (tag == Tag.SpecificCharacterSet || Tag.isGroupLength(tag) || Tag.isPrivateCreator(tag)) {
                continue;
            }
            Element found = match.get(tag);
            if (found == null) {
                addEmpty(answer, key);
            } else {
                add(answer, found, match, characters);
            }
        }
        if (!answer.contains(unique) && match.contains(unique)) {
            add(answer, match.get(unique), match, characters);
        }
        answer.setString(Tag.QueryRetrieveLevel, VR.CS, identifier.level().name());
        answer.setString(Tag.RetrieveAETitle, VR.AE, aeTitle);
        if (keys.contains(Tag.InstanceAvailability)) {
            answer.setString(Tag.InstanceAvailability, VR.CS, "ONLINE");
        }
        return answer;
    }

    private static void addEmpty(DataSet answer, Element key) {
        VR vr = key.vr() == VR.UN ? Dictionary.vrOf(key.tag()) : key.vr();
        if (vr == VR.SQ) {
            answer.setItems(key.tag());
        } else {
            answer.setBytes(key.tag(), vr);
        }
    }

    /** The character set of an answer: none where none is needed, the one of the question where it will do, else UTF-8. */
    private SpecificCharacterSet characters(DataSet match) {
        boolean isPlain = true;
        boolean isWanted = wanted.definedTerms().length > 0;
        for (int tag : keys) {
            if (match.get(tag) instanceof Element.Value value && value.vr().isText() && !isAscii(value.bytes())) {
                isPlain = false;
                isWanted &= wanted.canEncode(String.join("\\", match.strings(value)), value.vr());
            } else if (match.get(tag) instanceof Sequence) {
                // what is in items stays as it is encoded
                return match.characterSet();
            }
        }
        return isPlain ? SpecificCharacterSet.DEFAULT : isWanted ? wanted : SpecificCharacterSet.UTF8;
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0 || b == ESC) {
                return false;
            }
        }
        return true;
    }

    private static void add(DataSet answer, Element found, DataSet match, SpecificCharacterSet characters) {
        if (found instanceof Element.Value value
                && value.vr().isText()
                && !isAscii(value.bytes())
                && !Arrays.equals(
                        characters.definedTerms(), match.characterSet().definedTerms())) {
            answer.setString(found.tag(), found.vr(), match.strings(value));
        } else {
            answer.put(found);
        }
    }
}
