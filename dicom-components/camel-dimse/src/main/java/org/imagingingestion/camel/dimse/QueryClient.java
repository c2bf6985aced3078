package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.SynchronizationAdapter;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.PresentationContext;
import org.imagingingestion.dicom.net.ServiceUser;
import org.imagingingestion.dicom.service.Query;

/** Echoes, searches and has instances moved. */
final class QueryClient implements DimseProducer.Client {
    private final DimseConfiguration options;
    private final AssociationPool pool;

    QueryClient(Caller caller, DimseConfiguration options) {
        this.options = options;
        List<PresentationContext> contexts = new ArrayList<>();
        for (String sopClass : options.getOperation().sopClasses()) {
            contexts.add(new PresentationContext(2 * contexts.size() + 1, sopClass, TransferSyntaxes.PLAIN));
        }
        pool = new AssociationPool(caller, contexts, options);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Association association = pool.take();
        boolean isGood = false;
        try {
            isGood = process(exchange, association);
        } finally {
            if (!isHandedOn(exchange, association)) {
                pool.give(association, isGood);
            }
        }
    }

    private static boolean isHandedOn(Exchange exchange, Association association) {
        return exchange.getMessage().getBody() instanceof Found found && found.association == association;
    }

    private boolean process(Exchange exchange, Association association) throws IOException, DicomException {
        Message message = exchange.getMessage();
        switch (options.getOperation()) {
            case ECHO -> check(message, "C-ECHO", new ServiceUser(association).echo());
            case FIND -> {
                Found found = new Found(
                        association,
                        new ServiceUser(association)
                                .find(context(association, message, options.getOperation()), identifier(message)));
                message.setBody(found);
                exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                    @Override
                    public void onDone(Exchange done) {
                        found.close();
                    }
                });
            }
            default -> {
                ServiceUser.Response response = new ServiceUser(association)
                        .move(
                                context(association, message, options.getOperation()),
                                message.getHeader(DimseConstants.MOVE_DESTINATION, String.class),
                                identifier(message),
                                progress -> {});
                message.setBody(response.command().suboperations());
                check(message, "C-MOVE", response.status());
            }
        }
        return true;
    }

    static void check(Message message, String operation, DimseStatus status) throws DicomException {
        if (status.isFailure()) {
            throw new FailedStatusException(operation, status);
        }
        message.setHeader(DimseConstants.STATUS, status.code());
    }

    /** The context of the SOP class that the message names, else of Study Root, else of whatever the peer takes. */
    static PresentationContext.Accepted context(Association association, Message message, DimseOperation operation)
            throws DicomException {
        String wanted = message.getHeader(DimseConstants.SOP_CLASS_UID, String.class);
        if (wanted != null) {
            return association.context(wanted);
        }
        List<String> known = operation.sopClasses();
        for (int i : new int[] {1, 0, 2}) {
            for (PresentationContext.Accepted context : association.contexts()) {
                if (context.abstractSyntax().equals(known.get(i))) {
                    return context;
                }
            }
        }
        return association.context(known.get(1));
    }

    private static DataSet identifier(Message message) {
        if (message.getBody() instanceof DataSet identifier) {
            return identifier;
        }
        if (message.getBody() instanceof Query query) {
            return QueryIdentifier.of(query);
        }
        throw new IllegalArgumentException("dimse: searches and moves by a DataSet or a Query");
    }

    /** Matches that are read from the association while the route asks for them. */
    private final class Found implements Iterator<DataSet>, AutoCloseable {
        private final Association association;
        private final ServiceUser.Matches matches;
        private boolean isClosed;

        Found(Association association, ServiceUser.Matches matches) {
            this.association = association;
            this.matches = matches;
        }

        @Override
        public boolean hasNext() {
            return matches.hasNext();
        }

        @Override
        public DataSet next() {
            return matches.next();
        }

        @Override
        public synchronized void close() {
            if (isClosed) {
                return;
            }
            isClosed = true;
            boolean isGood = false;
            try {
                matches.close();
                isGood = true;
            } catch (IOException e) {
                // the association is lost, and with it what was to be cancelled
            } finally {
                pool.give(association, isGood);
            }
        }
    }

    @Override
    public void evict() {
        pool.evict();
    }

    @Override
    public void close() {
        pool.close();
    }
}
