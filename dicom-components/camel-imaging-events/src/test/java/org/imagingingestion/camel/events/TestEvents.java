package org.imagingingestion.camel.events;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.imagingingestion.dicom.event.CloudEvent;
import org.imagingingestion.dicom.event.StudyRevisionEvent;

/** Events as the components send them; what is in them does not matter to these. */
final class TestEvents {
    static final String TYPE = "ImageStoredEvent";

    private TestEvents() {}

    static CloudEvent event(int study, int instance) {
        return event(study, instance, TYPE);
    }

    /** One whose data are so long. */
    static CloudEvent withLength(int study, int length) {
        CloudEvent event = event(study, study);
        byte[] data = ('"' + "x".repeat(length - 2) + '"').getBytes();
        return new CloudEvent(
                event.id(),
                event.source(),
                event.type(),
                event.subject(),
                event.time(),
                event.partitionKey(),
                null,
                data);
    }

    static CloudEvent withId(int study, String id) {
        CloudEvent event = event(study, study);
        return new CloudEvent(
                id,
                event.source(),
                event.type(),
                event.subject(),
                event.time(),
                event.partitionKey(),
                null,
                event.data());
    }

    static CloudEvent event(int study, int instance, String type) {
        return new CloudEvent(
                study + "-" + instance,
                "urn:test",
                type,
                "/studies/1." + study + "/series/1/instances/" + instance,
                Instant.now(),
                "default/1." + study,
                null,
                ("{\"instance\":" + instance + "}").getBytes());
    }

    /** The first revision of a study of so many instances, whose UIDs are as random as UIDs can be. */
    static CloudEvent revision(int instances) {
        List<StudyRevisionEvent.Instance> all = new ArrayList<>();
        List<String> additions = new ArrayList<>();
        Random random = new Random(instances);
        for (int i = 0; i < instances; i++) {
            String uid = "2.25." + new BigInteger(127, random).setBit(126);
            all.add(new StudyRevisionEvent.Instance(uid, "1.2.840.10008.5.1.4.1.1.2", i));
            additions.add("1.2.3/" + uid);
        }
        StudyRevisionEvent.Series series =
                new StudyRevisionEvent.Series("1.2.3", 1, "CT", List.of(), all, null, "default");
        return new StudyRevisionEvent(
                        0,
                        "default",
                        new StudyRevisionEvent.Study("1.2", null, List.of(), List.of(series)),
                        new StudyRevisionEvent.ChangeSet(additions, List.of(), List.of()))
                .toCloudEvent("urn:test", Instant.now(), null);
    }
}
