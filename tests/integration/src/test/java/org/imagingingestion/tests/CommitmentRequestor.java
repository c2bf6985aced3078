package org.imagingingestion.tests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.net.Acceptor;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.Message;
import org.imagingingestion.dicom.net.ServiceNegotiator;
import org.imagingingestion.dicom.net.ServiceOffer;
import org.imagingingestion.dicom.net.Timeouts;
import org.imagingingestion.dicom.net.TlsMaterial;
import org.imagingingestion.dicom.net.UserInformation;

/** Takes the results of storage commitment that it is called with (PS3.4 §J.3.3). */
final class CommitmentRequestor implements Acceptor.Service, AutoCloseable {
    static final String SOP_CLASS = "1.2.840.10008.1.20.1";
    static final String SOP_INSTANCE = "1.2.840.10008.1.20.1.1";

    /** A result. @param eventType 1 where all is kept, 2 where some is not */
    record Result(int eventType, DataSet dataSet) {
        String transaction() {
            return dataSet.string(Tag.TransactionUID);
        }

        /** SOP Instance UIDs of those that are kept. */
        List<String> committed() {
            return dataSet.items(Tag.ReferencedSOPSequence).stream()
                    .map(item -> item.string(Tag.ReferencedSOPInstanceUID))
                    .toList();
        }

        /** Why each of the others is not. */
        List<Integer> reasons() {
            return dataSet.items(Tag.FailedSOPSequence).stream()
                    .map(item -> item.integer(Tag.FailureReason, 0))
                    .toList();
        }
    }

    private final List<Result> results = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Acceptor acceptor;

    /** Listens on a port. */
    CommitmentRequestor listen(int port) throws IOException {
        ServiceOffer offer = new ServiceOffer(
                SOP_CLASS::equals, List.of(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid()), false, false, true);
        acceptor = new Acceptor(
                new Acceptor.Limits(10, 10, 10),
                Timeouts.DEFAULT,
                null,
                TlsMaterial.ClientAuthentication.NONE,
                threads,
                new ServiceNegotiator(
                        List.of(offer),
                        (request, peer) -> null,
                        (sopClass, information) -> null,
                        16384,
                        new UserInformation.Window(1, 1)),
                this);
        acceptor.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return this;
    }

    /** What was reported, whichever way. */
    List<Result> results() {
        return results;
    }

    @Override
    public void handle(Association association, Message request) throws Exception {
        results.add(new Result(request.command().elements().integer(Tag.EventTypeID, 0), request.readDataSet()));
        association.respond(request, DimseStatus.SUCCESS);
    }

    /** A request for the commitment of instances, each of which is named with its SOP class. */
    static DataSet request(String transaction, DataSet... instances) {
        DataSet[] items = new DataSet[instances.length];
        for (int i = 0; i < items.length; i++) {
            items[i] = new DataSet()
                    .setString(Tag.ReferencedSOPClassUID, VR.UI, instances[i].string(Tag.SOPClassUID))
                    .setString(Tag.ReferencedSOPInstanceUID, VR.UI, instances[i].string(Tag.SOPInstanceUID));
        }
        return new DataSet()
                .setString(Tag.TransactionUID, VR.UI, transaction)
                .setItems(Tag.ReferencedSOPSequence, items);
    }

    @Override
    public void close() throws IOException {
        if (acceptor != null) {
            acceptor.close();
        }
        threads.shutdownNow();
    }
}
