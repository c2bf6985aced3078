package org.imagingingestion.camel.dicomweb;

import java.util.List;
import java.util.stream.Stream;

import org.apache.camel.Category;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;

/** What the endpoints of the three DICOMweb services have in common. */
public abstract class DicomwebEndpoint extends DefaultEndpoint {
    /** Where these endpoints stand in Camel's catalog. */
    static final Category[] CATEGORIES = {Category.HEALTH, Category.HTTP};

    @UriPath(
            description =
                    "Paths on the HTTP server of this Camel context below which the service answers, separated by commas")
    @Metadata(required = true)
    private String address;

    @UriParam(
            label = "consumer",
            defaultValue = "default",
            description = "The storage space, and tenant, that the service is for")
    private String provider = "default";

    @UriParam(
            label = "consumer",
            description =
                    "Address that clients know the service by, such as https://archive.example.org/dicom-web, for the URLs"
                            + " in answers. Default is the one that the request was sent to.")
    private String externalAddress;

    @UriParam(label = "consumer", defaultValue = "32", description = "Requests that are worked on at once; more wait")
    private int concurrentRequests = 32;

    @UriParam(
            label = "consumer",
            defaultValue = "1000",
            description = "Requests that may wait; more are answered 503 with Retry-After")
    private int waitingRequests = 1000;

    @UriParam(
            label = "consumer",
            defaultValue = "60000",
            javaType = "java.time.Duration",
            description = "Longest time without a byte to or from the client")
    private long idleTimeout = 60_000;

    protected DicomwebEndpoint(String uri, DefaultComponent component, String address) {
        super(uri, component);
        this.address = address;
    }

    /** The paths, each with a slash before it and none after it. */
    public List<String> roots() {
        return Stream.of(address.split(","))
                .map(String::strip)
                .map(path -> path.startsWith("/") ? path : "/" + path)
                .map(path -> path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
                .toList();
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

    public String getExternalAddress() {
        return externalAddress;
    }

    public void setExternalAddress(String externalAddress) {
        this.externalAddress = externalAddress;
    }

    public int getConcurrentRequests() {
        return concurrentRequests;
    }

    public void setConcurrentRequests(int concurrentRequests) {
        this.concurrentRequests = concurrentRequests;
    }

    public int getWaitingRequests() {
        return waitingRequests;
    }

    public void setWaitingRequests(int waitingRequests) {
        this.waitingRequests = waitingRequests;
    }

    public long getIdleTimeout() {
        return idleTimeout;
    }

    public void setIdleTimeout(long idleTimeout) {
        this.idleTimeout = idleTimeout;
    }
}
