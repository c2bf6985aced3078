package org.imagingingestion.camel.manifest;

import java.util.Arrays;
import java.util.List;

import javax.sql.DataSource;

import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.spi.UriPath;

/** Options of an endpoint. */
@UriParams
public class DicomManifestConfiguration implements Cloneable {
    @UriPath(description = "What to do with the message.")
    @Metadata(required = true)
    private ManifestOperation operation;

    @UriParam(
            description = "The PostgreSQL database of the manifest. Its connections should keep prepared statements.",
            label = "advanced")
    @Metadata(autowired = true)
    private DataSource dataSource;

    @UriParam(
            description =
                    "The storage space and tenant that is meant where the message does not say, that of the component where"
                            + " it is not set. For events, deliveries, deadLetters, bury, replay, unsubscribe, removed, forget and"
                            + " revisions: those that it is about, with commas between, an asterisk for all; the component's"
                            + " providers where it is not set.")
    private String provider;

    @UriParam(
            description =
                    "What counts when other bytes come under the SOP Instance UID of a recorded instance, or when it"
                            + " comes in another study or series. In no case is the earlier object lost.",
            defaultValue = "KEEP_FIRST")
    private ConflictPolicy conflictPolicy = ConflictPolicy.KEEP_FIRST;

    @UriParam(
            description = "How long an instance may wait to be recorded, in milliseconds.",
            label = "advanced",
            javaType = "java.time.Duration",
            defaultValue = "30000")
    private long recordTimeout = 30_000;

    @UriParam(
            description =
                    "Name of the subscription. Events are kept for it from the first time that it is there, also while no"
                            + " process has it.",
            label = "common")
    private String subscription;

    @UriParam(description = "Types of events, separated by commas; all where it is not set.", label = "consumer")
    private String types;

    @UriParam(
            description = "Attempts after which an event is a dead letter, 0 for any number.",
            label = "consumer",
            defaultValue = "1000")
    private int maxAttempts = 1000;

    @UriParam(
            description =
                    "How long to wait after the first attempt that failed, in milliseconds; twice as long after each.",
            label = "consumer",
            javaType = "java.time.Duration",
            defaultValue = "1000")
    private long backoff = 1000;

    @UriParam(
            description = "The longest time from one attempt to the next, in milliseconds.",
            label = "consumer",
            javaType = "java.time.Duration",
            defaultValue = "300000")
    private long maxBackoff = 300_000;

    @UriParam(
            description = "Studies whose events are delivered at once by this process.",
            label = "consumer",
            defaultValue = "8")
    private int parallel = 8;

    @UriParam(
            label = "consumer",
            defaultValue = "1",
            description =
                    "Most events of one study that are given to the route at once, where so many wait. With more than 1 the body may be a list"
                            + " of the data of events; where the route fails for good they come again, each alone.")
    private int batchSize = 1;

    @UriParam(
            description =
                    "For how many seconds a study must be without a change before its next revision is announced.",
            label = "revisions",
            defaultValue = "30")
    private int revisioningDelay = 30;

    @UriParam(
            description = "After how many seconds a revision is announced though the study still changes.",
            label = "revisions",
            defaultValue = "600")
    private int longestWait = 600;

    @UriParam(
            description = "How long objects are kept after their instances were deleted or replaced, in milliseconds.",
            label = "removed",
            javaType = "java.time.Duration",
            defaultValue = "2592000000")
    private long retention = 2_592_000_000L;

    public ManifestOperation getOperation() {
        return operation;
    }

    public void setOperation(ManifestOperation operation) {
        this.operation = operation;
    }

    public DataSource getDataSource() {
        return dataSource;
    }

    public void setDataSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    public String getProvider() {
        return provider;
    }

    public void setProvider(String provider) {
        this.provider = provider;
    }

    public ConflictPolicy getConflictPolicy() {
        return conflictPolicy;
    }

    public void setConflictPolicy(ConflictPolicy conflictPolicy) {
        this.conflictPolicy = conflictPolicy;
    }

    public long getRecordTimeout() {
        return recordTimeout;
    }

    public void setRecordTimeout(long recordTimeout) {
        this.recordTimeout = recordTimeout;
    }

    public String getSubscription() {
        return subscription;
    }

    public void setSubscription(String subscription) {
        this.subscription = subscription;
    }

    public String getTypes() {
        return types;
    }

    public void setTypes(String types) {
        this.types = types;
    }

    public int getMaxAttempts() {
        return maxAttempts;
    }

    public void setMaxAttempts(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    public long getBackoff() {
        return backoff;
    }

    public void setBackoff(long backoff) {
        this.backoff = backoff;
    }

    public long getMaxBackoff() {
        return maxBackoff;
    }

    public void setMaxBackoff(long maxBackoff) {
        this.maxBackoff = maxBackoff;
    }

    public int getParallel() {
        return parallel;
    }

    public void setParallel(int parallel) {
        this.parallel = parallel;
    }

    public int getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(int batchSize) {
        this.batchSize = batchSize;
    }

    /** @throws IllegalArgumentException where an option is missing or cannot be */
    Deliverer.Options deliveryOptions(Providers providers) {
        if (subscription == null || subscription.isBlank()) {
            throw new IllegalArgumentException("dicom-manifest:events needs the option subscription");
        }
        if (maxAttempts < 0 || backoff < 1 || maxBackoff < backoff || parallel < 1 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "maxAttempts is to be 0 or more, backoff 1 or more, maxBackoff not less than"
                            + " it, parallel and batchSize 1 or more");
        }
        List<String> names = types == null
                ? List.of()
                : Arrays.stream(types.split(","))
                        .map(String::strip)
                        .filter(type -> !type.isEmpty())
                        .toList();
        return new Deliverer.Options(
                subscription, names, providers, maxAttempts, new Backoff(backoff, maxBackoff), parallel, batchSize);
    }

    public int getRevisioningDelay() {
        return revisioningDelay;
    }

    public void setRevisioningDelay(int revisioningDelay) {
        this.revisioningDelay = revisioningDelay;
    }

    public int getLongestWait() {
        return longestWait;
    }

    public void setLongestWait(int longestWait) {
        this.longestWait = longestWait;
    }

    public long getRetention() {
        return retention;
    }

    public void setRetention(long retention) {
        this.retention = retention;
    }

    /** The same options, to be changed for one endpoint. */
    public DicomManifestConfiguration copy() {
        try {
            return (DicomManifestConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }
}
