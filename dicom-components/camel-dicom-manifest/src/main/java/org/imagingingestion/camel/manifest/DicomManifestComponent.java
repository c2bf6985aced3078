package org.imagingingestion.camel.manifest;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.ToLongFunction;

import javax.sql.DataSource;

import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** The manifest: one for each data source, shared by the endpoints that have it. */
@Component("dicom-manifest")
public class DicomManifestComponent extends DefaultComponent {
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
        try {
            return ManifestOperation.valueOf(name.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "dicom-manifest has no operation " + name + ", but " + List.of(ManifestOperation.values()));
        }
    }

    /** The manifest in a database, brought up to date before it is first used. */
    synchronized Manifest manifest(DataSource database) {
        return manifests.computeIfAbsent(database, d -> {
            if (migrate) {
                Migrations.run(database);
            }
            Manifest manifest = new Manifest(database, maxBatchSize, queryTimeout);
            ExecutorService executor = getCamelContext()
                    .getExecutorServiceManager()
                    .newFixedThreadPool(this, "DicomManifestWriter", writers);
            executors.add(executor);
            manifest.start(executor, writers);
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

    public int getQueryTimeout() {
        return queryTimeout;
    }

    public void setQueryTimeout(int queryTimeout) {
        this.queryTimeout = queryTimeout;
    }
}
