package org.imagingingestion.camel.instance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.imagingingestion.dicom.VR;

/** Filter DICOM instances, change attributes of them by rules, and de-identify them, while their pixel data pass. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "dicom-instance",
        title = "DICOM Instance",
        syntax = "dicom-instance:operation",
        producerOnly = true,
        category = {Category.HEALTH, Category.TRANSFORMATION})
public class DicomInstanceEndpoint extends DefaultEndpoint {
    private static final String FILE = "file:";

    @UriPath(description = "What to do with the instance of the body")
    @Metadata(required = true)
    private InstanceOperation operation;

    @UriParam(
            label = "filter",
            description =
                    "Regular expressions separated by commas, one of which the whole name of the provider has to match. Without it any"
                            + " provider goes on")
    private String selector;

    @UriParam(label = "filter", description = "Names of providers that go on, separated by commas")
    private String provider;

    @UriParam(label = "filter", description = "Modalities that go on, separated by commas, with * and ? for characters")
    private String modality;

    @UriParam(label = "filter", description = "AE titles of senders whose instances go on, separated by commas")
    private String aeTitle;

    @UriParam(
            label = "filter",
            description = "Station names whose instances go on, separated by commas, with * and ? for characters")
    private String stationName;

    @UriParam(
            label = "filter",
            description =
                    "Attributes of what goes on, such as Modality=MR&BodyPartExamined=HEAD*: keywords or tags, AETitle or Provider, all"
                            + " of which have to match, with * and ? for characters")
    private String keep;

    @UriParam(label = "filter", description = "Attributes of what does not go on, in the form of keep")
    private String drop;

    @UriParam(
            label = "coerce",
            description =
                    "What is changed: rules, one a line or separated by semicolons, or as JSON, or file: and the path of a file that has"
                            + " them")
    private String rules;

    @UriParam(
            label = "coerce",
            defaultValue = "false",
            description = "Whether values that are changed are kept in Original Attributes Sequence (0400,0561)")
    private boolean originalAttributes;

    @UriParam(
            label = "coerce",
            defaultValue = "Imaging Ingestion",
            description = "Name of the system that changes values, for Original Attributes Sequence")
    private String modifyingSystem = "Imaging Ingestion";

    @UriParam(
            label = "deidentify,security",
            secret = true,
            description =
                    "Secret that new UIDs, pseudonyms and the days by which dates are moved are made with, 16 characters at least. The"
                            + " same key gives the same ones")
    private String secretKey;

    @UriParam(
            label = "deidentify",
            description = "Patient ID of all instances. Without it each patient has a pseudonym made with the key")
    private String patientID;

    @UriParam(
            label = "deidentify",
            description =
                    "Name of the patient of all instances. Without it each patient has a pseudonym made with the key")
    private String patientName;

    @UriParam(
            label = "deidentify",
            defaultValue = "false",
            description = "Whether UIDs stay as they are (Retain UIDs Option)")
    private boolean retainUIDs;

    @UriParam(
            label = "deidentify",
            defaultValue = "remove",
            enums = "remove,shift,retain",
            description =
                    "What becomes of dates and times: removed, moved by a number of days that is the same for a patient (Retain"
                            + " Longitudinal Temporal Information Modified Dates Option), or retained (Full Dates Option)")
    private String dates = "remove";

    @UriParam(
            label = "deidentify",
            defaultValue = "false",
            description = "Whether what identifies devices stays (Retain Device Identity Option)")
    private boolean retainDeviceIdentity;

    @UriParam(
            label = "deidentify",
            defaultValue = "false",
            description = "Whether what identifies the institution stays (Retain Institution Identity Option)")
    private boolean retainInstitutionIdentity;

    @UriParam(
            label = "deidentify",
            defaultValue = "false",
            description = "Whether age, sex, size, weight and the like stay (Retain Patient Characteristics Option)")
    private boolean retainPatientCharacteristics;

    @UriParam(
            label = "deidentify",
            defaultValue = "false",
            description =
                    "Whether descriptions stay that safeDescriptors names, all others being removed (Clean Descriptors Option)")
    private boolean cleanDescriptors;

    @UriParam(
            label = "deidentify",
            description =
                    "Attributes that stay where the profile says clean, such as ProtocolName;SeriesDescription=T1 *|T2 *: separated by"
                            + " semicolons or lines, each with what its values may be, or file: and the path of a file that has them")
    private String safeDescriptors;

    @UriParam(
            label = "deidentify",
            description =
                    "Private elements that stay, such as (0019,xx0C,\"SIEMENS MR HEADER\"), separated by semicolons or lines, or file: and"
                            + " the path of a file that has them (Retain Safe Private Option)")
    private String safePrivate;

    @UriParam(
            label = "deidentify",
            defaultValue = "refuse",
            enums = "pass,refuse,refusePossible",
            description =
                    "What becomes of images with text in their pixels: all pass, or those are refused whose Burned In Annotation is YES,"
                            + " or also those of kinds that often have it and where it is not NO")
    private String burnedInAnnotation = "refuse";

    public DicomInstanceEndpoint(String uri, DicomInstanceComponent component) {
        super(uri, component);
    }

    @Override
    public Producer createProducer() throws Exception {
        return switch (operation) {
            case filter -> new FilterProducer(
                    this, new Selection(selector, provider, modality, aeTitle, stationName, keep, drop));
            case coerce -> new RewriteProducer(this, coercion());
            case deidentify -> new RewriteProducer(this, deidentifier());
        };
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException(
                "dicom-instance is what instances go through, not where they come from");
    }

    private Coercion coercion() {
        if (rules == null || rules.isBlank()) {
            throw new IllegalArgumentException("dicom-instance:coerce needs rules");
        }
        String text = text(rules);
        return new Coercion(
                text.startsWith("[") ? CoercionRules.ofJson(text) : CoercionRules.ofText(text),
                originalAttributes ? modifyingSystem : null);
    }

    /** An option, or the file that it names. */
    private static String text(String option) {
        if (!isGiven(option)) {
            return "";
        }
        String text = option.strip();
        if (!text.startsWith(FILE)) {
            return text;
        }
        String file = text.substring(FILE.length());
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("The file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private Deidentifier deidentifier() {
        Set<ProfileOption> options = EnumSet.noneOf(ProfileOption.class);
        add(options, retainUIDs, ProfileOption.RETAIN_UIDS);
        add(options, retainDeviceIdentity, ProfileOption.RETAIN_DEVICE_IDENTITY);
        add(options, retainInstitutionIdentity, ProfileOption.RETAIN_INSTITUTION_IDENTITY);
        add(options, retainPatientCharacteristics, ProfileOption.RETAIN_PATIENT_CHARACTERISTICS);
        add(options, cleanDescriptors, ProfileOption.CLEAN_DESCRIPTORS);
        add(options, isGiven(safePrivate), ProfileOption.RETAIN_SAFE_PRIVATE);
        switch (dates) {
            case "remove" -> {}
            case "shift" -> options.add(ProfileOption.RETAIN_MODIFIED_DATES);
            case "retain" -> options.add(ProfileOption.RETAIN_FULL_DATES);
            default -> throw new IllegalArgumentException("dates is to be remove, shift or retain, not " + dates);
        }
        boolean cleans = cleanDescriptors || retainDeviceIdentity || retainPatientCharacteristics;
        if (isGiven(safeDescriptors) && !cleans) {
            throw new IllegalArgumentException("safeDescriptors needs cleanDescriptors, or an option that cleans some");
        }
        return new Deidentifier(
                new Pseudonyms(secretKey),
                options,
                SafeDescriptors.parse(text(safeDescriptors)),
                SafePrivate.parse(text(safePrivate)),
                burnedIn(),
                constant("patientID", VR.LO, patientID),
                constant("patientName", VR.PN, patientName));
    }

    private Deidentifier.BurnedIn burnedIn() {
        try {
            return Deidentifier.BurnedIn.valueOf(burnedInAnnotation);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "burnedInAnnotation is to be pass, refuse or refusePossible, not " + burnedInAnnotation, e);
        }
    }

    private static String constant(String option, VR vr, String value) {
        if (!isGiven(value)) {
            return null;
        }
        String problem = ValueRules.problem(vr, value.strip());
        if (problem == null && !value.chars().allMatch(c -> c < 0x80)) {
            problem = "is to have characters of ASCII alone, which every character set has";
        }
        if (problem != null) {
            throw new IllegalArgumentException(option + " " + problem);
        }
        return value.strip();
    }

    private static boolean isGiven(String text) {
        return text != null && !text.isBlank();
    }

    private static void add(Set<ProfileOption> options, boolean isUsed, ProfileOption option) {
        if (isUsed) {
            options.add(option);
        }
    }

    public InstanceOperation getOperation() {
        return operation;
    }

    public void setOperation(InstanceOperation operation) {
        this.operation = operation;
    }

    public String getSelector() {
        return selector;
    }

    public void setSelector(String selector) {
        this.selector = selector;
    }

    public String getProvider() {
        return provider;
    }

    public void setProvider(String provider) {
        this.provider = provider;
    }

    public String getModality() {
        return modality;
    }

    public void setModality(String modality) {
        this.modality = modality;
    }

    public String getAeTitle() {
        return aeTitle;
    }

    public void setAeTitle(String aeTitle) {
        this.aeTitle = aeTitle;
    }

    public String getStationName() {
        return stationName;
    }

    public void setStationName(String stationName) {
        this.stationName = stationName;
    }

    public String getKeep() {
        return keep;
    }

    public void setKeep(String keep) {
        this.keep = keep;
    }

    public String getDrop() {
        return drop;
    }

    public void setDrop(String drop) {
        this.drop = drop;
    }

    public String getRules() {
        return rules;
    }

    public void setRules(String rules) {
        this.rules = rules;
    }

    public boolean isOriginalAttributes() {
        return originalAttributes;
    }

    public void setOriginalAttributes(boolean originalAttributes) {
        this.originalAttributes = originalAttributes;
    }

    public String getModifyingSystem() {
        return modifyingSystem;
    }

    public void setModifyingSystem(String modifyingSystem) {
        this.modifyingSystem = modifyingSystem;
    }

    public String getSecretKey() {
        return secretKey;
    }

    public void setSecretKey(String secretKey) {
        this.secretKey = secretKey;
    }

    public String getPatientID() {
        return patientID;
    }

    public void setPatientID(String patientID) {
        this.patientID = patientID;
    }

    public String getPatientName() {
        return patientName;
    }

    public void setPatientName(String patientName) {
        this.patientName = patientName;
    }

    public boolean isRetainUIDs() {
        return retainUIDs;
    }

    public void setRetainUIDs(boolean retainUIDs) {
        this.retainUIDs = retainUIDs;
    }

    public String getDates() {
        return dates;
    }

    public void setDates(String dates) {
        this.dates = dates;
    }

    public boolean isRetainDeviceIdentity() {
        return retainDeviceIdentity;
    }

    public void setRetainDeviceIdentity(boolean retainDeviceIdentity) {
        this.retainDeviceIdentity = retainDeviceIdentity;
    }

    public boolean isRetainInstitutionIdentity() {
        return retainInstitutionIdentity;
    }

    public void setRetainInstitutionIdentity(boolean retainInstitutionIdentity) {
        this.retainInstitutionIdentity = retainInstitutionIdentity;
    }

    public boolean isRetainPatientCharacteristics() {
        return retainPatientCharacteristics;
    }

    public void setRetainPatientCharacteristics(boolean retainPatientCharacteristics) {
        this.retainPatientCharacteristics = retainPatientCharacteristics;
    }

    public boolean isCleanDescriptors() {
        return cleanDescriptors;
    }

    public void setCleanDescriptors(boolean cleanDescriptors) {
        this.cleanDescriptors = cleanDescriptors;
    }

    public String getSafeDescriptors() {
        return safeDescriptors;
    }

    public void setSafeDescriptors(String safeDescriptors) {
        this.safeDescriptors = safeDescriptors;
    }

    public String getSafePrivate() {
        return safePrivate;
    }

    public void setSafePrivate(String safePrivate) {
        this.safePrivate = safePrivate;
    }

    public String getBurnedInAnnotation() {
        return burnedInAnnotation;
    }

    public void setBurnedInAnnotation(String burnedInAnnotation) {
        this.burnedInAnnotation = burnedInAnnotation;
    }
}
