package org.imagingingestion.camel.forward;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import org.imagingingestion.dicom.service.InstanceFilter;

/**
 * To where instances are sent.
 *
 * @param name which metrics and log lines have
 * @param uri of the endpoint that sends
 * @param filter which instances it takes
 */
record Destination(String name, String uri, InstanceFilter filter) {
    private static final int LONGEST_FOLDER_NAME = 60;

    /** Name of the folder of what waits for it: its own, as far as file systems take that. */
    String folder() {
        if (name.length() <= LONGEST_FOLDER_NAME) {
            return name;
        }
        UUID digest = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        return name.substring(0, LONGEST_FOLDER_NAME) + "_" + digest;
    }
}
