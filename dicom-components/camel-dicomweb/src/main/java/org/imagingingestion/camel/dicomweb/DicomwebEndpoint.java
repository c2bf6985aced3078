package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
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
                    "For a consumer: paths on the HTTP server of this Camel context below which the service answers, separated by"
                            + " commas. For a producer: URL of the service of another system, such as"
                            + " https://archive.example.org/dicom-web")
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
            defaultValue = "60000",
            javaType = "java.time.Duration",
            description = "Longest time without a byte to or from the other side")
    private long idleTimeout = 60_000;

    @UriParam
    private ClientConfiguration clientConfiguration = new ClientConfiguration();

    @UriParam
    private AuthenticationConfiguration authentication = new AuthenticationConfiguration();

    private DicomwebClient client;
    private ScheduledExecutorService scheduler;

    protected DicomwebEndpoint(String uri, DefaultComponent component, String address) {
        super(uri, component);
        this.address = address;
    }

    /**
     * The paths of a consumer, each with a slash before it and none after it.
     *
     * @throws IllegalArgumentException where the address is a URL
     */
    public List<String> roots() {
        if (address.contains("://")) {
            throw new IllegalArgumentException(
                    "address is to be a path for a consumer, such as /dicom-web; a URL is for a producer");
        }
        return Stream.of(address.split(","))
                .map(String::strip)
                .map(path -> path.startsWith("/") ? path : "/" + path)
                .map(path -> path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
                .distinct()
                .toList();
    }

    /**
     * The client that all producers of this endpoint share.
     *
     * @throws IllegalArgumentException where an option cannot be, naming it
     */
    synchronized DicomwebClient client() throws GeneralSecurityException, IOException {
        if (client == null) {
            scheduler = getCamelContext()
                    .getExecutorServiceManager()
                    .newSingleThreadScheduledExecutor(this, "dicomweb-client");
            client = DicomwebClient.create(
                    getCamelContext(),
                    "address of a producer",
                    service(),
                    clientConfiguration,
                    authentication,
                    idleTimeout,
                    expectsContinue(),
                    scheduler);
        }
        return client;
    }

    /** URL of the service that a producer talks to. */
    String service() {
        return address;
    }

    /** Whether bodies are sent when the server has said that it takes them. */
    boolean expectsContinue() {
        return false;
    }

    @Override
    protected synchronized void doStop() throws Exception {
        if (client != null) {
            client.close();
            client = null;
        }
        if (scheduler != null) {
            getCamelContext().getExecutorServiceManager().shutdownNow(scheduler);
            scheduler = null;
        }
        super.doStop();
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
