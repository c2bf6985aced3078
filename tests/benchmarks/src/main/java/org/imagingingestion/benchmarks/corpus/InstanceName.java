package org.imagingingestion.benchmarks.corpus;

/**
 * Which instance of the corpus: three numbers from which every UID and every patient attribute follow, each of the same
 * length for all instances.
 *
 * @param study  0 to 99999999
 * @param series within the study, from 1
 * @param number the instance within the study, from 1
 */
public record InstanceName(int study, int series, int number) {
    /** Instances of a study. */
    public static final int PER_STUDY = 100;

    /** Instances of a series. */
    public static final int PER_SERIES = 50;

    static final int DIGITS = 8;
    static final String ROOT = "2.25.2718281828459";

    private static final String[] FAMILIES = {
        "KELLER", "MARTIN", "SANTOS", "WAGNER", "DUBOIS", "TANAKA", "NOVAKS", "RIVERA", "HANSEN", "IVANOV"
    };

    /** The n-th instance of a study, n from 0. */
    public static InstanceName of(int study, int n) {
        return new InstanceName(study, 1 + n / PER_SERIES, 1 + n);
    }

    /** The Study Instance UID. */
    public String studyUid() {
        return ROOT + digits(study) + digits(0) + digits(0);
    }

    /** The Series Instance UID. */
    public String seriesUid() {
        return ROOT + digits(study) + digits(series) + digits(0);
    }

    /** The SOP Instance UID. */
    public String instanceUid() {
        return ROOT + digits(study) + digits(series) + digits(number);
    }

    /** The Patient ID; every study has its own. */
    public String patientId() {
        return "BENCH-" + digits(study);
    }

    /** The family name of the patient, one of ten of six letters. */
    public String familyName() {
        return FAMILIES[study % FAMILIES.length];
    }

    /** The path of this instance's series below the root of a DICOMweb service. */
    public String seriesPath() {
        return "/studies/" + studyUid() + "/series/" + seriesUid();
    }

    /** The path of this instance below the root of a DICOMweb service. */
    public String path() {
        return seriesPath() + "/instances/" + instanceUid();
    }

    private static String digits(int value) {
        return String.format("%0" + DIGITS + "d", value);
    }
}
