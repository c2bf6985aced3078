package org.imagingingestion.dicom.event;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonGenerator;

/** What events of all types have alike. */
final class EventPath {
    static final String INSTANCES = "/instances/";

    private EventPath() {}

    static String study(String studyInstanceUID) {
        return "/studies/" + studyInstanceUID;
    }

    static String instance(String studyInstanceUID, String seriesInstanceUID, String sopInstanceUID) {
        return study(studyInstanceUID) + "/series/" + seriesInstanceUID + INSTANCES + sopInstanceUID;
    }

    /** Events of one study of one provider are told in their order. */
    static String partitionKey(String provider, String studyInstanceUID) {
        return provider + "/" + studyInstanceUID;
    }

    static void writeNumber(JsonGenerator out, String member, Number number) throws IOException {
        if (number == null) {
            out.writeNullField(member);
        } else {
            out.writeNumberField(member, number.longValue());
        }
    }
}
