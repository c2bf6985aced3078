package org.imagingingestion.camel.instance;

import java.util.List;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.Opened;

/** Makes another instance of the one in the body. */
final class RewriteProducer extends DefaultProducer {
    /** Headers that tell of the instance as it came, by the attribute that they have. */
    private static final String SOP_CLASS_UID = "CamelDimseSOPClassUID";

    private static final String SOP_INSTANCE_UID = "CamelDimseSOPInstanceUID";
    private static final List<String> STUDY_INSTANCE_UIDS =
            List.of("CamelDicomwebStudyInstanceUID", "CamelDicomManifestStudyInstanceUID");

    /** Headers that tell of it in other ways. */
    private static final String COMMAND = "CamelDimseCommand";

    /** Names of files, objects, messages and requests, which are often made of what identifies a patient, and of peers. */
    private static final List<String> NAMES = List.of(
            "CamelCloudEvent*",
            "CamelFile*",
            "CamelAws*",
            "CamelAzure*",
            "CamelGoogle*",
            "CamelMinio*",
            "CamelHttp*",
            "CamelMessage*",
            "CamelDimseUserName",
            "CamelDimseCallingAETitle",
            "CamelDimseCalledAETitle",
            "CamelDimseRemoteAddress",
            "kafka.*");

    private final HeaderChange change;

    RewriteProducer(DicomInstanceEndpoint endpoint, HeaderChange change) {
        super(endpoint);
        this.change = change;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Opened opened = Bodies.opened(exchange);
        Message message = exchange.getMessage();
        RewrittenInstance rewritten;
        try {
            InstanceBody source = Bodies.open(message.getBody(), opened);
            rewritten = RewrittenInstance.of(source, change);
        } catch (Exception e) {
            if (change instanceof Deidentifier) {
                // a route that goes on all the same has nothing to go on with
                message.setBody(null);
                removeNames(message);
            }
            throw e;
        }
        opened.add(rewritten);
        if (rewritten.isChanged()) {
            align(message, rewritten.body().dataSet());
        }
        message.setBody(rewritten.body());
    }

    private void align(Message message, DataSet dataSet) {
        replace(message, SOP_CLASS_UID, dataSet.string(Tag.SOPClassUID));
        replace(message, SOP_INSTANCE_UID, dataSet.string(Tag.SOPInstanceUID));
        STUDY_INSTANCE_UIDS.forEach(header -> replace(message, header, dataSet.string(Tag.StudyInstanceUID)));
        message.removeHeader(COMMAND);
        if (change instanceof Deidentifier) {
            removeNames(message);
        }
    }

    private static void removeNames(Message message) {
        message.removeHeader(COMMAND);
        NAMES.forEach(message::removeHeaders);
    }

    private static void replace(Message message, String header, String value) {
        if (message.getHeader(header) != null) {
            message.setHeader(header, value);
        }
    }
}
