package org.imagingingestion.camel.dicomweb;

import org.apache.camel.Processor;
import org.imagingingestion.dicom.service.Deletion;

import io.vertx.core.http.HttpMethod;

/** Answers requests to delete a study, a series or an instance: the route deletes, and says how many instances there were. */
class DeletionConsumer extends DicomwebConsumer {
    private final WadoEndpoint endpoint;

    DeletionConsumer(WadoEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        for (String level : WadoConsumer.LEVELS) {
            resource(HttpMethod.DELETE, level, this::delete);
        }
    }

    private void delete(HttpCall call) throws Exception {
        InstancePath path = InstancePath.of(call.path());
        Number deleted =
                route(new Deletion(endpoint.getProvider(), path.study(), path.series(), path.instance()), Number.class);
        if (deleted.longValue() == 0) {
            throw WadoConsumer.notFound(path);
        }
        call.send(204);
    }
}
