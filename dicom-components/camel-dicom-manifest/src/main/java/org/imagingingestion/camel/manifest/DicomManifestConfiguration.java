package org.imagingingestion.camel.manifest;

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
            description = "The storage space and tenant that is meant where the message does not say.",
            defaultValue = "default")
    private String provider = "default";

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

    /** The same options, to be changed for one endpoint. */
    public DicomManifestConfiguration copy() {
        try {
            return (DicomManifestConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }
}
