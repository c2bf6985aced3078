package org.imagingingestion.camel.events;

import org.apache.camel.spi.Metadata;

/** Headers of the components. */
public final class EventConstants {
    @Metadata(description = "The W3C trace context in which an event happened.", javaType = "String")
    public static final String TRACEPARENT = "traceparent";

    @Metadata(
            description = "(consumer) Events of one key come in their order: the provider and the study.",
            javaType = "String")
    public static final String PARTITION_KEY = "CamelCloudEventPartitionKey";

    @Metadata(
            description =
                    "(producer, replay) The subscription whose dead letters, or whose events, are told again, and to which alone.",
            javaType = "String")
    public static final String SUBSCRIPTION = "CamelCloudEventSubscription";

    @Metadata(description = "(producer, replay) The study whose events are told again.", javaType = "String")
    public static final String STUDY_INSTANCE_UID = "CamelCloudEventStudyInstanceUID";

    @Metadata(
            description = "(producer, replay) Events are told again that happened since then, in ISO 8601.",
            javaType = "String")
    public static final String FROM = "CamelCloudEventFrom";

    @Metadata(
            description = "(producer, replay) Events are told again that happened before, in ISO 8601.",
            javaType = "String")
    public static final String TO = "CamelCloudEventTo";

    private EventConstants() {}
}
