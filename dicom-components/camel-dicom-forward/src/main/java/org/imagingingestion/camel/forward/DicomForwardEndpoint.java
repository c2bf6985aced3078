package org.imagingingestion.camel.forward;

import java.util.HashMap;
import java.util.Map;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Send DICOM instances on to destinations chosen by what they are, over a spool that outlives failures and restarts. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "dicom-forward",
        title = "DICOM Forward",
        syntax = "dicom-forward:name",
        producerOnly = true,
        category = {Category.HEALTH})
public class DicomForwardEndpoint extends DefaultEndpoint {
    @UriPath(description = "Name of this endpoint")
    @Metadata(required = true)
    private String name;

    @UriParam(
            description =
                    "Destinations and what they take, as JSON or the path of a file that has it: a list of objects with a filter"
                            + " and either dicomweb_destination, the URL of a DICOMweb service, or name, host and port of a DIMSE"
                            + " peer; options has options of its endpoint, as in a URI")
    private String destinations;

    @UriParam(
            description =
                    "Where instances go that no filter takes: the URL of a DICOMweb service, or the URI of an endpoint. Without it"
                            + " they are refused")
    private String defaultDestination;

    @UriParam(
            defaultValue = "false",
            description =
                    "Whether an instance goes to all destinations that take it, and not to the first one alone. Needs a folder")
    private boolean sendToAll;

    @UriParam(
            description =
                    "Folder of instances on their way, for this endpoint of this process alone. Without it they pass through to one"
                            + " destination, and a failure is the sender's at once")
    private String folder;

    @UriParam(
            defaultValue = "false",
            description =
                    "Whether the route goes on when the instance is durable in the folder, from where it is sent whatever happens;"
                            + " else when all its destinations have it. Needs a folder")
    private boolean acknowledgeAtOnce;

    @UriParam(
            description =
                    "How often it is tried again what may succeed later. What was acknowledged at once is put aside after it;"
                            + " default is for ever then, else never. Needs a folder")
    private Integer maximumRetries;

    @UriParam(
            defaultValue = "100",
            javaType = "java.time.Duration",
            description = "Time before the first of them; 2, 6, 14 … seconds are added before the further ones")
    private long retryDelay = 100;

    @UriParam(defaultValue = "5000", javaType = "java.time.Duration", description = "Longest time between them")
    private long maximumRetryDelay = 5000;

    @UriParam(
            description =
                    "More HTTP statuses after which it is tried again, beside 408, 429 and 5xx, separated by commas")
    private String httpErrorCodesToRetry;

    @UriParam(defaultValue = "4", description = "Instances at once that are sent to a destination from the spool")
    private int parallel = 4;

    @UriParam(
            prefix = "stow.",
            multiValue = true,
            description =
                    "Options of the endpoints of DICOMweb destinations. Credentials are for the server of the default destination"
                            + " alone; others have theirs in destinations")
    private Map<String, Object> stowOptions = new HashMap<>();

    @UriParam(prefix = "dimse.", multiValue = true, description = "Options of the endpoints of DIMSE destinations")
    private Map<String, Object> dimseOptions = new HashMap<>();

    private Failures failures;

    public DicomForwardEndpoint(String uri, DicomForwardComponent component, String name) {
        super(uri, component);
        this.name = name;
    }

    @Override
    public DicomForwardComponent getComponent() {
        return (DicomForwardComponent) super.getComponent();
    }

    @Override
    public Producer createProducer() {
        if (folder == null
                && (acknowledgeAtOnce
                        || sendToAll
                        || mostRetries() != 0
                        || httpErrorCodesToRetry != null
                        || Boolean.parseBoolean(String.valueOf(stowOptions.get("overwrite"))))) {
            throw new IllegalArgumentException(
                    "acknowledgeAtOnce, sendToAll, maximumRetries, httpErrorCodesToRetry and stow.overwrite of " + name
                            + " need a folder to keep instances in");
        }
        if (folder != null && folder.contains("://")) {
            throw new IllegalArgumentException("folder of " + name + " is to be one of this machine, not a URL");
        }
        if (maximumRetries != null && maximumRetries < 0) {
            throw new IllegalArgumentException("maximumRetries of " + name + " is to be 0 or more");
        }
        if (parallel < 1 || retryDelay < 0 || maximumRetryDelay < retryDelay) {
            throw new IllegalArgumentException(
                    "parallel of " + name + " is to be 1 or more, and maximumRetryDelay not less than retryDelay");
        }
        failures = new Failures(httpErrorCodesToRetry);
        return new DicomForwardProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("dicom-forward is where instances go, not where they come from");
    }

    Destinations destinations() {
        Map<String, Object> stow = new HashMap<>(stowOptions);
        Map<String, Object> dimse = new HashMap<>(dimseOptions);
        // it is tried again here, where it is known what can be read again
        stow.putIfAbsent("maximumRetries", 0);
        dimse.putIfAbsent("maximumRetries", 0);
        return new Destinations(destinations, defaultDestination, sendToAll, stow, dimse);
    }

    /** Attempts after the first one. */
    int mostRetries() {
        return maximumRetries != null ? maximumRetries : acknowledgeAtOnce ? Integer.MAX_VALUE : 0;
    }

    Failures failures() {
        return failures;
    }

    Backoff backoff() {
        return new Backoff(retryDelay, maximumRetryDelay);
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getDestinations() {
        return destinations;
    }

    public void setDestinations(String destinations) {
        this.destinations = destinations;
    }

    public String getDefaultDestination() {
        return defaultDestination;
    }

    public void setDefaultDestination(String defaultDestination) {
        this.defaultDestination = defaultDestination;
    }

    public boolean isSendToAll() {
        return sendToAll;
    }

    public void setSendToAll(boolean sendToAll) {
        this.sendToAll = sendToAll;
    }

    public String getFolder() {
        return folder;
    }

    public void setFolder(String folder) {
        this.folder = folder;
    }

    public boolean isAcknowledgeAtOnce() {
        return acknowledgeAtOnce;
    }

    public void setAcknowledgeAtOnce(boolean acknowledgeAtOnce) {
        this.acknowledgeAtOnce = acknowledgeAtOnce;
    }

    public Integer getMaximumRetries() {
        return maximumRetries;
    }

    public void setMaximumRetries(Integer maximumRetries) {
        this.maximumRetries = maximumRetries;
    }

    public long getRetryDelay() {
        return retryDelay;
    }

    public void setRetryDelay(long retryDelay) {
        this.retryDelay = retryDelay;
    }

    public long getMaximumRetryDelay() {
        return maximumRetryDelay;
    }

    public void setMaximumRetryDelay(long maximumRetryDelay) {
        this.maximumRetryDelay = maximumRetryDelay;
    }

    public String getHttpErrorCodesToRetry() {
        return httpErrorCodesToRetry;
    }

    public void setHttpErrorCodesToRetry(String httpErrorCodesToRetry) {
        this.httpErrorCodesToRetry = httpErrorCodesToRetry;
    }

    public int getParallel() {
        return parallel;
    }

    public void setParallel(int parallel) {
        this.parallel = parallel;
    }

    public Map<String, Object> getStowOptions() {
        return stowOptions;
    }

    public void setStowOptions(Map<String, Object> stowOptions) {
        this.stowOptions = stowOptions;
    }

    public Map<String, Object> getDimseOptions() {
        return dimseOptions;
    }

    public void setDimseOptions(Map<String, Object> dimseOptions) {
        this.dimseOptions = dimseOptions;
    }
}
