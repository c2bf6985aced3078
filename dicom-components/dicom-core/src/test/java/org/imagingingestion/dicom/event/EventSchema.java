package org.imagingingestion.dicom.event;

import java.io.IOException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;

import static org.assertj.core.api.Assertions.assertThat;

/** Holds the data of an event against the schema of its type. */
final class EventSchema {
    private static final ObjectMapper JSON = new ObjectMapper();

    private EventSchema() {}

    static void check(String type, byte[] data) throws IOException {
        var schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(CloudEvent.class.getResourceAsStream(type + ".schema.json"));
        assertThat(schema.validate(JSON.readTree(data))).isEmpty();
    }
}
