package org.imagingingestion.camel.forward;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.InstanceSource;
import org.imagingingestion.dicom.service.RecordOutcome;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the instance of the body to its destinations, now or over the spool. */
final class DicomForwardProducer extends DefaultProducer {
    private static final Logger LOG = LoggerFactory.getLogger(DicomForwardProducer.class);
    private static final RecordOutcome TAKEN = new RecordOutcome(RecordOutcome.Kind.ADDED, null);

    private final DicomForwardEndpoint endpoint;
    private final Map<String, Sender> senders = new LinkedHashMap<>();
    private final Map<String, Delivery> deliveries = new LinkedHashMap<>();
    private Destinations destinations;
    private Spool spool;

    DicomForwardProducer(DicomForwardEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        try {
            open();
        } catch (Exception e) {
            closeAll();
            throw e;
        }
        deliveries.values().forEach(Delivery::start);
        endpoint.getComponent().add(this);
    }

    private void open() throws Exception {
        destinations = endpoint.destinations();
        List<String> waiting = new ArrayList<>();
        if (endpoint.getFolder() != null) {
            spool = new Spool(Path.of(endpoint.getFolder()));
            waiting.addAll(spool.folders());
        }
        for (Destination destination : destinations.each()) {
            Sender sender = new Sender(endpoint, destination);
            senders.put(destination.name(), sender);
            // what was acknowledged is sent, however it is set now
            boolean isWaitedFor = waiting.remove(destination.folder());
            if (endpoint.isAcknowledgeAtOnce() || isWaitedFor) {
                deliveries.put(destination.name(), new Delivery(endpoint, spool, sender));
            }
        }
        if (!waiting.isEmpty()) {
            LOG.error("Instances in {} wait for what is no destination any more: {}", endpoint.getFolder(), waiting);
        }
    }

    @Override
    protected void doStop() throws Exception {
        endpoint.getComponent().remove(this);
        closeAll();
        super.doStop();
    }

    private void closeAll() throws IOException {
        deliveries.values().forEach(Delivery::end);
        deliveries.values().forEach(Delivery::close);
        deliveries.clear();
        senders.values().forEach(Sender::close);
        senders.clear();
        if (spool != null) {
            spool.close();
            spool = null;
        }
    }

    List<ForwardStatistics> statistics() {
        return deliveries.values().stream().map(Delivery::statistics).toList();
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        if (exchange.getMessage().getBody() instanceof InstanceSource source) {
            try (InputStream in = open(source);
                    InstanceBody body = InstanceBody.receive(in, ParseLimits.STREAMING)) {
                process(exchange, body);
            }
        } else {
            process(exchange, exchange.getMessage().getMandatoryBody(InstanceBody.class));
        }
    }

    /** @throws DicomException where another system does not give it, for that reason */
    private static InputStream open(InstanceSource source) throws IOException, DicomException {
        try {
            return source.open();
        } catch (IOException e) {
            if (e.getCause() instanceof DicomException refusal) {
                throw refusal;
            }
            throw e;
        }
    }

    private void process(Exchange exchange, InstanceBody body) throws Exception {
        String callingAE = exchange.getMessage().getHeader(ServiceHeaders.CALLING_AE_TITLE, String.class);
        String provider = exchange.getMessage().getHeader(ServiceHeaders.PROVIDER, String.class);
        List<Destination> chosen = destinations.choose(provider, callingAE, body.dataSet());
        if (spool == null) {
            exchange.getMessage().setBody(body);
            senders.get(chosen.get(0).name()).send(exchange);
        } else if (!endpoint.isAcknowledgeAtOnce()) {
            exchange.getMessage()
                    .setBody(sendNow(
                            body, chosen, exchange.getMessage().getHeader(ServiceHeaders.TRACEPARENT, String.class)));
        } else {
            keep(body, chosen);
            exchange.getMessage().setBody(TAKEN);
        }
    }

    /** Sends to all, and fails where one has failed: what then is sent again does no harm where it was taken. */
    private Object sendNow(InstanceBody body, List<Destination> chosen, String traceparent)
            throws DicomException, IOException, InterruptedException {
        SpooledInstance instance = spool.pass(body);
        try {
            Object answer = null;
            DicomException failure = null;
            for (Destination destination : chosen) {
                try {
                    answer = senders.get(destination.name()).send(endpoint, instance, traceparent);
                } catch (DicomException e) {
                    LOG.warn("{} does not take an instance: {}", destination.name(), e.getMessage());
                    failure = failure == null ? e : failure;
                }
            }
            if (failure != null) {
                throw failure;
            }
            return answer == instance ? TAKEN : answer;
        } finally {
            forget(instance);
        }
    }

    /** What cannot be removed now is at the next start; that is no reason to tell the sender otherwise. */
    private void forget(SpooledInstance instance) {
        try {
            spool.remove(instance);
        } catch (IOException e) {
            LOG.warn(
                    "An instance that was passed on cannot be removed: {}",
                    e.getClass().getSimpleName());
        }
    }

    private void keep(InstanceBody body, List<Destination> chosen) throws DicomException, IOException {
        List<SpooledInstance> kept = new ArrayList<>();
        try {
            kept.add(spool.keep(chosen.get(0), body));
            for (Destination other : chosen.subList(1, chosen.size())) {
                kept.add(spool.keep(other, kept.get(0)));
            }
        } catch (IOException | DicomException e) {
            for (SpooledInstance instance : kept) {
                try {
                    spool.remove(instance);
                } catch (IOException also) {
                    e.addSuppressed(also);
                }
            }
            throw e;
        }
        for (int i = 0; i < chosen.size(); i++) {
            deliveries.get(chosen.get(i).name()).add(kept.get(i));
        }
    }
}
