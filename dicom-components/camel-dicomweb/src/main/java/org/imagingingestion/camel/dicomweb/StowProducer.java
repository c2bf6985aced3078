package org.imagingingestion.camel.dicomweb;

import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

import org.apache.camel.Exchange;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.service.ObjectSource;
import org.imagingingestion.dicom.service.RetrievalResult;
import org.imagingingestion.dicom.service.StoreResult;

/** Stores the instance, or the instances, that the body is. */
class StowProducer extends DicomwebProducer {
    private final StowEndpoint endpoint;

    StowProducer(StowEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Object body = exchange.getMessage().getBody();
        Iterator<?> several = InstanceSources.several(body);
        boolean isSeveral = several != null;
        StoreTransaction transaction = new StoreTransaction(
                client(exchange), endpoint, address(exchange), isSeveral ? endpoint.getBatchSize() : 1);
        StoreResult result;
        try {
            transaction.store(isSeveral ? instances(body, several) : instance(body));
            result = transaction.result();
        } catch (DicomException e) {
            throw StoreFailedException.of(e, transaction.httpStatus(), transaction.result());
        } finally {
            setAnswer(exchange, transaction.httpStatus(), null);
        }
        if (!result.isComplete() && (!isSeveral || endpoint.isFailWhenIncomplete())) {
            throw StoreFailedException.of(result, transaction.httpStatus());
        }
        exchange.getMessage().setBody(result);
    }

    private static String address(Exchange exchange) {
        String study = exchange.getMessage().getHeader(DicomwebConstants.STUDY_INSTANCE_UID, String.class);
        if (study == null) {
            return "/studies";
        }
        if (!UIDs.isLenient(study)) {
            throw new IllegalArgumentException(
                    "The header " + DicomwebConstants.STUDY_INSTANCE_UID + " is to be a UID: up to 64 digits and dots");
        }
        return "/studies/" + study;
    }

    private OutgoingInstance outgoing(Object body, ObjectSource objects) {
        OutgoingInstance instance = InstanceSources.single(body, objects);
        return endpoint.getDuplicates() == DuplicatePolicy.COMPARE ? instance.toBeCompared() : instance;
    }

    private Iterator<OutgoingInstance> instance(Object body) {
        return List.of(outgoing(body, null)).iterator();
    }

    private Iterator<OutgoingInstance> instances(Object body, Iterator<?> several) {
        ObjectSource objects = body instanceof RetrievalResult result ? result.objects() : null;
        Function<Object, OutgoingInstance> open = item -> item == null ? null : outgoing(item, objects);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return several.hasNext();
            }

            @Override
            public OutgoingInstance next() {
                return open.apply(several.next());
            }
        };
    }
}
