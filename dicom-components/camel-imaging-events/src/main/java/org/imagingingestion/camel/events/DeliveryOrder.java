package org.imagingingestion.camel.events;

/** Which events are processed one after the other, in the order they were sent in. */
public enum DeliveryOrder {
    /** Those of one study. */
    PARTITION,
    /** Those of one instance. */
    SUBJECT
}
