package org.imagingingestion.camel.manifest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

import javax.sql.DataSource;

import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.util.ObjectHelper;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.event.DeliveryStatistics;

/** The manifest: one for each data source, shared by the endpoints that have it. */
@Component("dicom-manifest")
public class DicomManifestComponent extends DefaultComponent {
    private static final int RETENTION_MINUTES = 10;

    @Metadata(description = "Options that endpoints start from.")
    private DicomManifestConfiguration configuration = new DicomManifestConfiguration();

    @Metadata(
            description = "Whether to bring the schema of the database to what this version needs.",
            defaultValue = "true")
    private boolean migrate = true;

    @Metadata(description = "The most instances that are recorded in one transaction.", defaultValue = "500")
    private int maxBatchSize = 500;

    @Metadata(
            description = "Threads that record, each with a connection. All of a study goes to one of them.",
            label = "advanced",
            defaultValue = "2")
    private int writers = 2;

    @Metadata(
            description =
                    "How long the database may take to answer a search or a retrieval, in seconds; 0 for any time.",
            label = "advanced",
            defaultValue = "30")
    private int queryTimeout = 30;

    @Metadata(
            description = "Who tells of events: their CloudEvents attribute source, a URI reference.",
            defaultValue = "imaging-ingestion")
    private String eventSource = "imaging-ingestion";

    @Metadata(description = "The address of WADO-RS that events name, such as http://wado/dicom-web; none names none.")
    private String wadoAddress;

    @Metadata(
            description = "The address of WADO-RS that revisions of studies name, as those outside know it; default is"
                    + " wadoAddress.")
    private String externalWadoAddress;

    @Metadata(
            description =
                    "How long events are kept after their delivery, to be delivered again when that is asked for, in"
                            + " milliseconds.",
            javaType = "java.time.Duration",
            defaultValue = "604800000")
    private long eventRetention = Duration.ofDays(7).toMillis();

    @Metadata(
            description = "The storage space and tenant of this process, which endpoints mean that name none.",
            defaultValue = "default")
    private String ownProvider = "default";

    @Metadata(
            description =
                    "The storage spaces and tenants whose events this process delivers and counts, whose studies it"
                            + " announces and whose objects it removes, with commas between; an asterisk for all that the database"
                            + " has. Default is ownProvider.")
    private String providers;

    private final Map<DataSource, Manifest> manifests = new IdentityHashMap<>();
    private final List<ExecutorService> executors = new ArrayList<>();

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        DicomManifestConfiguration options = configuration.copy();
        options.setOperation(operation(remaining));
        DicomManifestEndpoint endpoint = new DicomManifestEndpoint(uri, this, options);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    private static ManifestOperation operation(String name) {
        return Arrays.stream(ManifestOperation.values())
                .filter(operation -> operation.name().equalsIgnoreCase(name.replace("-", "")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "dicom-manifest has no operation " + name + ", but " + List.of(ManifestOperation.values())));
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        if (ownProvider.isBlank() || ownProvider.contains(",") || ownProvider.equals("*")) {
            throw new IllegalArgumentException("ownProvider is to be one name, without a comma, of dicom-manifest");
        }
        providers();
    }

    private Providers providers() {
        return Providers.of(providers == null || providers.isBlank() ? ownProvider : providers);
    }

    /** Whom an endpoint has to do with that is not about one tenant only. */
    Providers providers(DicomManifestConfiguration options) {
        return options.getProvider() == null ? providers() : Providers.of(options.getProvider());
    }

    /** The manifest in a database, brought up to date before it is first used. */
    synchronized Manifest manifest(DataSource database) {
        return manifests.computeIfAbsent(database, d -> {
            if (migrate) {
                Migrations.run(database);
            }
            AvailableEvents events =
                    new AvailableEvents(eventSource, ObjectHelper.isEmpty(wadoAddress) ? null : wadoAddress);
            Manifest manifest = new Manifest(database, events, maxBatchSize, queryTimeout);
            ExecutorService executor = getCamelContext()
                    .getExecutorServiceManager()
                    .newFixedThreadPool(this, "DicomManifestWriter", writers);
            executors.add(executor);
            manifest.start(executor, writers);
            ScheduledExecutorService retention = getCamelContext()
                    .getExecutorServiceManager()
                    .newSingleThreadScheduledExecutor(this, "EventRetention");
            executors.add(retention);
            retention.scheduleWithFixedDelay(
                    new EventRetention(database, Duration.ofMillis(eventRetention)),
                    RETENTION_MINUTES,
                    RETENTION_MINUTES,
                    TimeUnit.MINUTES);
            return manifest;
        });
    }

    @Override
    protected synchronized void doStop() throws Exception {
        manifests.values().forEach(Manifest::stop);
        for (ExecutorService executor : executors) {
            getCamelContext().getExecutorServiceManager().shutdownGraceful(executor);
        }
        manifests.clear();
        executors.clear();
        super.doStop();
    }

    private synchronized long sum(ToLongFunction<Recorder> value) {
        return manifests.values().stream()
                .map(Manifest::recorder)
                .mapToLong(value)
                .sum();
    }

    /** Instances that wait to be recorded. */
    public long queueLength() {
        return sum(Recorder::queueLength);
    }

    /** Instances recorded since the start, those among them that changed nothing. */
    public long recordedInstances() {
        return sum(Recorder::recorded);
    }

    /** Instances that could not be recorded since the start. */
    public long failedInstances() {
        return sum(Recorder::failed);
    }

    /** Transactions that recorded instances since the start. */
    public long recordedBatches() {
        return sum(Recorder::batches);
    }

    /** Transactions that were tried again since the start. */
    public long retriedBatches() {
        return sum(Recorder::retries);
    }

    /**
     * How the deliveries of the process' providers get on.
     *
     * @throws DicomException OUT_OF_RESOURCES where a database does not answer
     */
    public List<DeliveryStatistics> deliveries() throws DicomException {
        List<Manifest> all;
        synchronized (this) {
            all = List.copyOf(manifests.values());
        }
        List<DeliveryStatistics> deliveries = new ArrayList<>();
        for (Manifest manifest : all) {
            deliveries.addAll(manifest.subscriptions().statistics(providers()));
        }
        return deliveries;
    }

    public String getOwnProvider() {
        return ownProvider;
    }

    public void setOwnProvider(String ownProvider) {
        this.ownProvider = ownProvider;
    }

    public String getProviders() {
        return providers;
    }

    public void setProviders(String providers) {
        this.providers = providers;
    }

    public DicomManifestConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(DicomManifestConfiguration configuration) {
        this.configuration = configuration;
    }

    public boolean isMigrate() {
        return migrate;
    }

    public void setMigrate(boolean migrate) {
        this.migrate = migrate;
    }

    public int getMaxBatchSize() {
        return maxBatchSize;
    }

    public void setMaxBatchSize(int maxBatchSize) {
        this.maxBatchSize = maxBatchSize;
    }

    public int getWriters() {
        return writers;
    }

    public void setWriters(int writers) {
        this.writers = writers;
    }

    public String getEventSource() {
        return eventSource;
    }

    public void setEventSource(String eventSource) {
        this.eventSource = eventSource;
    }

    public String getWadoAddress() {
        return wadoAddress;
    }

    public void setWadoAddress(String wadoAddress) {
        this.wadoAddress = wadoAddress;
    }

    public String getExternalWadoAddress() {
        return externalWadoAddress == null || externalWadoAddress.isBlank() ? wadoAddress : externalWadoAddress;
    }

    public void setExternalWadoAddress(String externalWadoAddress) {
        this.externalWadoAddress = externalWadoAddress;
    }

    public long getEventRetention() {
        return eventRetention;
    }

    public void setEventRetention(long eventRetention) {
        this.eventRetention = eventRetention;
    }

    public int getQueryTimeout() {
        return queryTimeout;
    }

    public void setQueryTimeout(int queryTimeout) {
        this.queryTimeout = queryTimeout;
    }
}
