package org.imagingingestion.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What of the integrations a process runs. Their files are the same whichever run together. */
enum Role {
    ALL_IN_ONE(true, true, "*"),
    /** STOW-RS. */
    STOW(false, false, "dicomweb-stow"),
    /** QIDO-RS and WADO-RS. */
    WADO(true, false, "dicomweb-wado", "overview"),
    /** DIMSE: C-ECHO and C-STORE, and the rest of it where there is a database. */
    DIMSE(false, true, "dimse-ingestion", "dimse-to-dicomweb"),
    /** Records what others stored, and tells of it. */
    EVENT_PROCESSOR(true, false, "event-driven-ingestion", "event-administration", "storage-sweep"),
    /** Publishes studies at a FHIR server. */
    FHIR(false, false, "study-to-fhir", "overview"),
    /** Sends instances on, and whatever else Pipes have it do. */
    BINDING(false, false, "instance-binding-stow", "instance-binding-cstore", "overview");

    private final boolean needsDatabase;
    private final boolean speaksDimse;
    private final List<String> integrations;

    Role(boolean needsDatabase, boolean speaksDimse, String... integrations) {
        this.needsDatabase = needsDatabase;
        this.speaksDimse = speaksDimse;
        this.integrations = List.of(integrations);
    }

    /** The role of a name such as {@code event-processor}. */
    static Optional<Role> of(String name) {
        return Arrays.stream(values())
                .filter(role -> role.toString().equals(name))
                .findFirst();
    }

    static String names() {
        return Arrays.stream(values()).map(Role::toString).collect(Collectors.joining(", "));
    }

    /** Whether it cannot do without the manifest. */
    boolean needsDatabase() {
        return needsDatabase;
    }

    boolean speaksDimse() {
        return speaksDimse;
    }

    /** Whether instances come in by it. */
    boolean receives() {
        return this == ALL_IN_ONE || this == STOW || this == DIMSE;
    }

    /** Whether it tells events, or is told of them. */
    boolean needsEvents() {
        return receives() || this == FHIR || this == BINDING;
    }

    /** Whether instances can be retrieved from it. */
    boolean gives() {
        return this == ALL_IN_ONE || this == WADO;
    }

    /** The files to run, of folders that have a prefix such as {@code classpath:}. */
    String routes(String prefix) {
        return prefix + "routes/*.yaml,"
                + integrations.stream()
                        .map(name -> prefix + "integrations/" + name + ".yaml")
                        .collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
