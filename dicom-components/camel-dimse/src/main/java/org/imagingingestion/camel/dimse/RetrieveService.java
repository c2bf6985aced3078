package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.Message;
import org.imagingingestion.dicom.service.KeptInstance;
import org.imagingingestion.dicom.service.RetrievalResult;

/** What C-MOVE and C-GET have in common: the route finds the instances (PS3.4 §C.4.2, §C.4.3). */
abstract class RetrieveService implements DimseConsumer.Service {
    final DimseConsumer consumer;

    RetrieveService(DimseConsumer consumer) {
        this.consumer = consumer;
    }

    final List<KeptInstance> instances(Association association, Message request) throws IOException, DicomException {
        DimseConfiguration options = consumer.getEndpoint().getConfiguration();
        Identifier identifier =
                Identifier.of(request.readDataSet(), request.context().abstractSyntax(), options.isRelationalQueries());
        Object found = consumer.route(
                association, request, identifier.instances(consumer.provider(association)), Object.class);
        if (found instanceof RetrievalResult result) {
            return result.instances();
        }
        if (found instanceof Collection<?> collection) {
            return collection.stream().map(KeptInstance.class::cast).toList();
        }
        throw new DicomException(DicomStatus.PROCESSING_FAILURE, "The route gave no instances that can be sent");
    }
}
