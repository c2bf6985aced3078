package org.imagingingestion.camel.storage;

import java.util.Map;

import org.apache.camel.Category;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Keep DICOM instances in a storage space and give them back. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "dicom-storage",
        title = "DICOM Storage",
        syntax = "dicom-storage:kind",
        producerOnly = true,
        category = {Category.HEALTH, Category.FILE})
public class DicomStorageEndpoint extends DefaultEndpoint {
    /** What a producer does with the message. */
    public enum Operation {
        store,
        open,
        delete,
        discard,
        list,
        read,
        sweep
    }

    @UriPath(enums = "file,s3,azure", description = "What keeps the objects")
    @Metadata(required = true)
    private String kind;

    @UriParam(
            defaultValue = "store",
            description = "store: an instance that arrives, the body becomes what is to be recorded."
                    + " open: puts the storage space into a retrieval result."
                    + " delete: removes the object named by the body."
                    + " discard: removes the object that a record outcome does not need, or puts it in the place of the one it is the same as where that is lost."
                    + " list: the body becomes an iterator of lists of object names, of those of the provider, * for all, older than minimumAge."
                    + " read: the object named by the body becomes what is to be recorded; so does an ImageStoredEvent, whose object is opened only where the event does not tell all of it."
                    + " sweep: removes what was begun to be stored minimumAge ago and never finished.")
    private Operation operation = Operation.store;

    @UriParam(label = "file", description = "Folder that keeps the objects")
    private String path;

    @UriParam(
            defaultValue = "default",
            description = "The storage space's name, which is the first part of object names")
    private String provider = "default";

    @UriParam(
            label = "file",
            defaultValue = "true",
            description = "Whether an object survives a loss of power once it is stored")
    private boolean fsync = true;

    @UriParam(
            label = "file,advanced",
            defaultValue = "65536",
            description =
                    "Longest object, in bytes, that becomes durable through a journal together with others; 0 for none")
    private int journaledLength = 64 << 10;

    @UriParam(
            label = "file,advanced",
            defaultValue = "true",
            description = "Whether longer objects are written past the page cache, where the file system can;"
                    + " false where they are read soon and memory is plentiful. Only with fsync")
    private boolean direct = true;

    @UriParam(
            label = "advanced",
            defaultValue = "3600000",
            javaType = "java.time.Duration",
            description = "Age from which objects are listed, and from which what is not finished is removed")
    private long minimumAge = 3_600_000;

    @UriParam
    private final ObjectStoreConfiguration configuration = new ObjectStoreConfiguration();

    private final Map<String, Object> place;

    /** @param place the options that tell which storage space it is */
    DicomStorageEndpoint(String uri, Component component, Map<String, Object> place) {
        super(uri, component);
        this.place = place;
    }

    Map<String, Object> place() {
        return place;
    }

    @Override
    public Producer createProducer() throws Exception {
        return new DicomStorageProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("A storage space sends no messages; use it as a step of a route");
    }

    public String getKind() {
        return kind;
    }

    public void setKind(String kind) {
        this.kind = kind;
    }

    public Operation getOperation() {
        return operation;
    }

    public void setOperation(Operation operation) {
        this.operation = operation;
    }

    public String getPath() {
        return path;
    }

    public void setPath(String path) {
        this.path = path;
    }

    public String getProvider() {
        return provider;
    }

    public void setProvider(String provider) {
        this.provider = provider;
    }

    public boolean isFsync() {
        return fsync;
    }

    public void setFsync(boolean fsync) {
        this.fsync = fsync;
    }

    public int getJournaledLength() {
        return journaledLength;
    }

    public void setJournaledLength(int journaledLength) {
        this.journaledLength = journaledLength;
    }

    public boolean isDirect() {
        return direct;
    }

    public void setDirect(boolean direct) {
        this.direct = direct;
    }

    public long getMinimumAge() {
        return minimumAge;
    }

    public void setMinimumAge(long minimumAge) {
        this.minimumAge = minimumAge;
    }

    public ObjectStoreConfiguration getConfiguration() {
        return configuration;
    }
}
