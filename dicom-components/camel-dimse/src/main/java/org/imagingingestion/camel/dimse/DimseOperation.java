package org.imagingingestion.camel.dimse;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import org.imagingingestion.dicom.Dictionary;

/** What application entities can ask each other for. */
public enum DimseOperation {
    ECHO("Verification"),
    STORE,
    FIND(
            "PatientRootQueryRetrieveInformationModelFind",
            "StudyRootQueryRetrieveInformationModelFind",
            "PatientStudyOnlyQueryRetrieveInformationModelFind"),
    MOVE(
            "PatientRootQueryRetrieveInformationModelMove",
            "StudyRootQueryRetrieveInformationModelMove",
            "PatientStudyOnlyQueryRetrieveInformationModelMove"),
    GET(
            "PatientRootQueryRetrieveInformationModelGet",
            "StudyRootQueryRetrieveInformationModelGet",
            "PatientStudyOnlyQueryRetrieveInformationModelGet"),
    COMMIT("StorageCommitmentPushModel");

    private final List<String> sopClasses;

    DimseOperation(String... keywords) {
        sopClasses = Arrays.stream(keywords).map(Dictionary::uidOfKeyword).toList();
    }

    /** UIDs of the SOP classes that it is asked for by; none for STORE, which has too many. */
    public List<String> sopClasses() {
        return sopClasses;
    }

    /** @throws IllegalArgumentException naming what is none */
    public static Set<DimseOperation> parse(String list) {
        Set<DimseOperation> operations = EnumSet.noneOf(DimseOperation.class);
        for (String name : list.split(",")) {
            if (!name.isBlank()) {
                operations.add(of(name.strip()));
            }
        }
        return operations;
    }

    static DimseOperation of(String name) {
        try {
            return valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " is no operation, but "
                    + Arrays.stream(values())
                            .map(operation -> operation.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", ")));
        }
    }
}
