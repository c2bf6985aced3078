package org.imagingingestion.camel.fhir;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.imagingingestion.camel.dicomweb.AuthenticationConfiguration;
import org.imagingingestion.camel.dicomweb.ClientConfiguration;
import org.imagingingestion.camel.dicomweb.RestClient;

/** Publish studies as ImagingStudy of a FHIR R4 server, each revision in the place of the one before. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "fhir-imaging-study",
        title = "FHIR ImagingStudy",
        syntax = "fhir-imaging-study:address",
        producerOnly = true,
        headersClass = FhirImagingStudyConstants.class,
        category = {Category.HEALTH, Category.HTTP})
public class FhirImagingStudyEndpoint extends DefaultEndpoint implements EndpointServiceLocation {
    /** The statuses of ImagingStudy that a study without instances may have. */
    public enum DeletedStatus {
        cancelled("cancelled"),
        enteredInError("entered-in-error");

        private final String code;

        DeletedStatus(String code) {
            this.code = code;
        }

        /** The code of FHIR. */
        public String code() {
            return code;
        }
    }

    @UriPath(
            description =
                    "URL of the FHIR server, such as https://fhir.example.org/r4; one that ends in /ImagingStudy is taken too")
    @Metadata(required = true)
    private String address;

    @UriParam(
            description =
                    "Storage space, and tenant, whose studies are published; by default all. One server can have a study "
                            + "of one storage space only")
    private String provider;

    @UriParam(
            description =
                    "Address of WADO-RS that the Endpoint has, such as https://archive.example.org/dicom-web; by default "
                            + "that of the event. Without either there is no Endpoint")
    private String imagingStudyEndpoint;

    @UriParam(
            defaultValue = "false",
            description = "Whether a Patient is created, from what the images say, where the server has none of this "
                    + "identifier. One that is there is never changed")
    private boolean createPatient;

    @UriParam(
            description =
                    "System of the identifiers of patients who have no issuer; by default a URN of the storage space")
    private String patientSystem;

    @UriParam(
            description =
                    "Systems of identifiers by the issuer that images name, as HOSPITAL=https://hospital.example.org/mrn, "
                            + "separated by commas")
    private String issuerSystems;

    @UriParam(
            description =
                    "System of accession numbers that have no issuer with an OID, a UUID or a URI; by default none")
    private String accessionSystem;

    @UriParam(defaultValue = "cancelled", description = "Status of a study that is deleted as a whole")
    private DeletedStatus deletedStatus = DeletedStatus.cancelled;

    @UriParam(
            description =
                    "Time zone of studies that do not say theirs, such as Europe/Zurich; without it they have dates only, "
                            + "as FHIR has no time without a zone")
    private String timeZone;

    @UriParam(
            defaultValue = "100000",
            description =
                    "Most instances of a study that are listed; a longer one has series with their numbers of instances "
                            + "only")
    private int maximumInstances = 100_000;

    @UriParam(
            defaultValue = "10",
            description = "How often a revision is tried again at once where another was written at the same time")
    private int maximumConflicts = 10;

    @UriParam(
            defaultValue = "60000",
            javaType = "java.time.Duration",
            description = "Longest time without a byte to or from the server")
    private long idleTimeout = 60_000;

    @UriParam
    private ClientConfiguration clientConfiguration = new ClientConfiguration();

    @UriParam
    private AuthenticationConfiguration authentication = new AuthenticationConfiguration();

    public FhirImagingStudyEndpoint(String uri, FhirImagingStudyComponent component, String address) {
        super(uri, component);
        this.address = address;
    }

    @Override
    public Producer createProducer() throws Exception {
        if (maximumInstances < 0 || maximumConflicts < 0) {
            throw new IllegalArgumentException("maximumInstances and maximumConflicts are to be 0 or more");
        }
        return new FhirImagingStudyProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("fhir-imaging-study can only be sent to");
    }

    /** A client of the server. @throws IllegalArgumentException where an option cannot be, naming it */
    RestClient client() throws Exception {
        return new RestClient(
                getCamelContext(), "address", getServiceUrl(), clientConfiguration, authentication, idleTimeout);
    }

    /** How studies are mapped. @throws IllegalArgumentException where an option cannot be, naming it */
    Mapping mapping() {
        return new Mapping(
                imagingStudyEndpoint,
                createPatient,
                patientSystem,
                systems(),
                accessionSystem,
                deletedStatus.code(),
                zone(),
                maximumInstances);
    }

    private Map<String, String> systems() {
        Map<String, String> systems = new HashMap<>();
        for (String pair : issuerSystems == null ? new String[0] : issuerSystems.split(",")) {
            int equals = pair.indexOf('=');
            if (equals < 1 || equals == pair.length() - 1) {
                throw new IllegalArgumentException(
                        "issuerSystems is to be issuers with their systems, such as HOSPITAL=https://hospital.example.org/mrn");
            }
            systems.put(
                    pair.substring(0, equals).strip(),
                    pair.substring(equals + 1).strip());
        }
        return systems;
    }

    private ZoneId zone() {
        try {
            return timeZone == null ? null : ZoneId.of(timeZone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("timeZone is to be a time zone such as Europe/Zurich or +01:00", e);
        }
    }

    /** The root of the server, where the address is that of its studies too. */
    @Override
    public String getServiceUrl() {
        String url = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        return url.endsWith("/ImagingStudy") ? url.substring(0, url.length() - "/ImagingStudy".length()) : url;
    }

    @Override
    public String getServiceProtocol() {
        return "fhir";
    }

    public String getAddress() {
        return address;
    }

    public void setAddress(String address) {
        this.address = address;
    }

    public String getProvider() {
        return provider;
    }

    public void setProvider(String provider) {
        this.provider = provider;
    }

    public String getImagingStudyEndpoint() {
        return imagingStudyEndpoint;
    }

    public void setImagingStudyEndpoint(String imagingStudyEndpoint) {
        this.imagingStudyEndpoint = imagingStudyEndpoint;
    }

    public boolean isCreatePatient() {
        return createPatient;
    }

    public void setCreatePatient(boolean createPatient) {
        this.createPatient = createPatient;
    }

    public String getPatientSystem() {
        return patientSystem;
    }

    public void setPatientSystem(String patientSystem) {
        this.patientSystem = patientSystem;
    }

    public String getIssuerSystems() {
        return issuerSystems;
    }

    public void setIssuerSystems(String issuerSystems) {
        this.issuerSystems = issuerSystems;
    }

    public String getAccessionSystem() {
        return accessionSystem;
    }

    public void setAccessionSystem(String accessionSystem) {
        this.accessionSystem = accessionSystem;
    }

    public DeletedStatus getDeletedStatus() {
        return deletedStatus;
    }

    public void setDeletedStatus(DeletedStatus deletedStatus) {
        this.deletedStatus = deletedStatus;
    }

    public String getTimeZone() {
        return timeZone;
    }

    public void setTimeZone(String timeZone) {
        this.timeZone = timeZone;
    }

    public int getMaximumInstances() {
        return maximumInstances;
    }

    public void setMaximumInstances(int maximumInstances) {
        this.maximumInstances = maximumInstances;
    }

    public int getMaximumConflicts() {
        return maximumConflicts;
    }

    public void setMaximumConflicts(int maximumConflicts) {
        this.maximumConflicts = maximumConflicts;
    }

    public long getIdleTimeout() {
        return idleTimeout;
    }

    public void setIdleTimeout(long idleTimeout) {
        this.idleTimeout = idleTimeout;
    }

    public ClientConfiguration getClientConfiguration() {
        return clientConfiguration;
    }

    public void setClientConfiguration(ClientConfiguration clientConfiguration) {
        this.clientConfiguration = clientConfiguration;
    }

    public AuthenticationConfiguration getAuthentication() {
        return authentication;
    }

    public void setAuthentication(AuthenticationConfiguration authentication) {
        this.authentication = authentication;
    }
}
