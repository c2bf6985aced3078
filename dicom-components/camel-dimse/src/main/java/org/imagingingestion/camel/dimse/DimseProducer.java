package org.imagingingestion.camel.dimse;

import java.util.Set;

import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.imagingingestion.dicom.net.AETitle;

/** Asks a peer for an operation (PS3.7 §9.1, §10.1). */
public final class DimseProducer extends DefaultProducer {
    private static final int LARGEST_PORT = 65535;
    private static final String DEFAULT_CALLING_AE = "IMAGINGESTION";

    private final DimseEndpoint endpoint;
    private Client client;

    /** Carries out one kind of operation. */
    interface Client extends AutoCloseable {
        void process(Exchange exchange) throws Exception;

        /** Releases associations that were not used for a while; called now and then. */
        default void evict() {}

        @Override
        void close();
    }

    DimseProducer(DimseEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        DimseConfiguration options = endpoint.getConfiguration();
        String calling = options.getCallingAE() == null ? DEFAULT_CALLING_AE : options.getCallingAE();
        Caller caller = new Caller(called(options), AETitle.require("callingAE", calling), options);
        client = switch (options.getOperation()) {
            case STORE -> new StoreClient(caller, options);
            case GET -> new GetClient(caller, endpoint);
            case COMMIT -> new CommitClient(caller, options);
            case ECHO, FIND, MOVE -> new QueryClient(caller, options);
        };
        endpoint.getComponent().watch(client);
    }

    private RemoteAE called(DimseConfiguration options) {
        String address = endpoint.getApplication();
        int at = address.lastIndexOf('@');
        if (at < 0) {
            return AERegistry.of(options.getAeRegistry())
                    .find(address)
                    .filter(entity -> entity.host() != null)
                    .orElseThrow(() -> new IllegalArgumentException(
                            endpoint.printable() + " names neither AETITLE@host:port nor one of the AE registry"));
        }
        int colon = address.lastIndexOf(':');
        return new RemoteAE(
                AETitle.require("The address of " + endpoint.printable(), address.substring(0, at)),
                address.substring(at + 1, colon > at ? colon : address.length()),
                port(colon > at ? address.substring(colon + 1) : "104"),
                options.isTls(),
                Set.of(),
                null);
    }

    private int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= LARGEST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException(
                "The port of " + endpoint.printable() + " is to be a number from 1 to " + LARGEST_PORT);
    }

    @Override
    protected void doStop() throws Exception {
        if (client != null) {
            endpoint.getComponent().forget(client);
            client.close();
        }
        super.doStop();
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        client.process(exchange);
    }
}
