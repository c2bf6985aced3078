package org.imagingingestion.camel.dicomweb;

import java.util.List;

import org.apache.camel.Processor;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.InstanceLocation;
import org.imagingingestion.dicom.service.Retrieval;
import org.imagingingestion.dicom.service.RetrievalResult;

import io.vertx.core.http.HttpMethod;

/** Answers the retrieve transaction: the route finds what is asked for, and what it finds is sent from here. */
class WadoConsumer extends DicomwebConsumer {
    private static final String STUDY = "studies/{study}";
    private static final String SERIES = STUDY + "/series/{series}";
    private static final String INSTANCE = SERIES + "/instances/{instance}";
    static final List<String> LEVELS = List.of(STUDY, SERIES, INSTANCE);
    private static final String FRAMES = INSTANCE + "/frames/{frames}";

    private final WadoEndpoint endpoint;

    WadoConsumer(WadoEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        WadoObjects objects = new WadoObjects(this);
        WadoMetadata metadata = new WadoMetadata(this, new MetadataCache(endpoint.getMetadataCacheSize()));
        for (String level : LEVELS) {
            resource(HttpMethod.GET, level, objects::answer);
            resource(HttpMethod.GET, level + "/metadata", metadata::answer);
        }
        for (String rendered : new String[] {STUDY, SERIES, INSTANCE, FRAMES}) {
            resource(HttpMethod.GET, rendered + "/rendered", WadoConsumer::answerRendered);
            resource(HttpMethod.GET, rendered + "/thumbnail", WadoConsumer::answerRendered);
        }
        WadoFrames frames = new WadoFrames(this);
        resource(HttpMethod.GET, FRAMES, frames::answer);
        resource(HttpMethod.GET, INSTANCE + "/pixeldata", frames::answerAll);
        resource(HttpMethod.GET, INSTANCE + "/bulkdata/{*}", new WadoBulkdata(this, frames)::answer);
    }

    private static void answerRendered(HttpCall call) throws DicomException {
        InstancePath.of(call.path());
        throw new HttpException(501, "Images are not rendered here; their frames are at .../frames/{list}");
    }

    /** What stands for the target of a path among those of all tenants. */
    Retrieval key(InstancePath path) {
        return path.retrieval(endpoint.getProvider(), Retrieval.Content.METADATA);
    }

    /** Runs the route. */
    RetrievalResult retrieve(InstancePath path, Retrieval.Content content) throws Exception {
        return retrieve(path.retrieval(endpoint.getProvider(), content));
    }

    /** Runs the route. */
    RetrievalResult retrieve(Retrieval retrieval) throws Exception {
        return route(retrieval, RetrievalResult.class);
    }

    /**
     * Runs the route for where one instance is.
     *
     * @throws DicomException 404 where it is nowhere
     */
    RetrievalResult locate(InstancePath path) throws Exception {
        RetrievalResult result = retrieve(path, Retrieval.Content.LOCATIONS);
        if (result.locations().isEmpty()) {
            throw notFound(path);
        }
        if (result.objects() == null) {
            throw new IllegalStateException(
                    "The route of " + endpoint.getEndpointUri() + " is to end with a storage space that opens objects");
        }
        return result;
    }

    static DicomException notFound(InstancePath path) {
        String what = path.instance() != null ? "instance" : path.series() != null ? "series" : "study";
        return new DicomException(DicomStatus.NO_SUCH_OBJECT_INSTANCE, "There is no such " + what);
    }

    /** Address of an instance as clients know it. */
    static String url(HttpCall call, InstanceLocation location) {
        return call.baseUrl()
                + InstancePath.of(location.studyInstanceUID(), location.seriesInstanceUID(), location.sopInstanceUID());
    }
}
