package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.util.List;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.Message;
import org.imagingingestion.dicom.service.KeptInstance;

/** Sends instances over the association that they were asked for on (PS3.4 §C.4.3, PS3.7 §9.1.3). */
final class GetService extends RetrieveService {
    GetService(DimseConsumer consumer) {
        super(consumer);
    }

    @Override
    public void answer(Association association, Message request) throws IOException, DicomException {
        List<KeptInstance> instances = instances(association, request);
        Progress progress = new Progress(association, request, instances.size());
        for (KeptInstance instance : instances) {
            if (association.isCancelled(request)) {
                progress.end(true);
                return;
            }
            try {
                if (!association.isSCU(instance.sopClassUID())) {
                    throw new DicomException(
                            DicomStatus.SOP_CLASS_NOT_SUPPORTED,
                            "The requestor did not propose to be the SCP of SOP class " + instance.sopClassUID());
                }
                progress.sent(instance, InstanceSender.send(association, instance, null));
            } catch (DicomException | IOException e) {
                if (!association.isOpen()) {
                    throw e;
                }
                progress.failed(instance, e);
            }
            progress.tell();
        }
        progress.end(false);
    }
}
