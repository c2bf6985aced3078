package org.imagingingestion.camel.instance;

/** What is done with an instance. */
public enum InstanceOperation {
    /** It goes on, or its route ends. */
    filter,
    /** Attributes of it are changed by rules. */
    coerce,
    /** What identifies a person is taken out of its header. */
    deidentify
}
