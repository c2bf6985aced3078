package org.imagingingestion.camel.events;

/** What a producer does. */
public enum JetStreamOperation {
    /** Sends the event that is the body. */
    PUBLISH,
    /** Lists the dead letters of all types, the oldest first: a list of {@link DeadLetter}, of 1000 at most. */
    DEAD_LETTERS,
    /** Puts the dead letters of a type, or of all, back to where they were taken from; the body becomes their number. */
    REPLAY
}
