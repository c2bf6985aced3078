package org.imagingingestion.camel.dimse;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Dictionary;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.UIDs;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.Command;
import org.imagingingestion.dicom.net.CommandField;
import org.imagingingestion.dicom.net.DataSetSource;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.Message;
import org.imagingingestion.dicom.net.PresentationContext;
import org.imagingingestion.dicom.net.ServiceUser;
import org.imagingingestion.dicom.service.KeptInstance;
import org.imagingingestion.dicom.service.MatchingKey;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.RetrievalResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which instances are kept safely: the SCP of the Storage Commitment Push Model (PS3.4 §J.3). */
final class CommitService implements DimseConsumer.Service {
    static final String SOP_CLASS = Dictionary.uidOfKeyword("StorageCommitmentPushModel");
    static final String SOP_INSTANCE = Dictionary.uidOfKeyword("StorageCommitmentPushModelInstance");

    private static final Logger LOG = LoggerFactory.getLogger(CommitService.class);
    static final int REQUEST_COMMITMENT = 1;
    private static final int ALL_COMMITTED = 1;
    private static final int SOME_FAILED = 2;
    private static final int UIDS_AT_ONCE = 500;

    private final DimseConsumer consumer;
    private final CommitmentDelivery delivery;

    CommitService(DimseConsumer consumer) {
        this.consumer = consumer;
        String folder = consumer.getEndpoint().getConfiguration().getCommitmentFolder();
        if (folder == null) {
            throw new IllegalArgumentException(
                    "commitmentFolder of " + consumer.getEndpoint().printable() + " is needed for commit");
        }
        delivery = new CommitmentDelivery(this, consumer, Path.of(folder));
    }

    @Override
    public void start() {
        delivery.start();
    }

    @Override
    public void stop() {
        delivery.stop();
    }

    @Override
    public void answer(Association association, Message request) throws IOException, DicomException {
        DataSet dataSet = request.readDataSet();
        check(request.command(), dataSet);
        delivery.requireRoom(association.callingAETitle());
        Commitment commitment = Commitment.keep(
                delivery.folder(),
                association.callingAETitle(),
                consumer.aeTitle(),
                consumer.provider(association),
                dataSet);
        association.respond(request, DimseStatus.SUCCESS);
        try {
            report(commitment, association, request.context());
        } catch (IOException e) {
            LOG.debug("The association is over before a storage commitment was taken: {}", e.getMessage());
            delivery.add(commitment);
        } catch (DicomException e) {
            LOG.warn("A storage commitment cannot be reported yet: {}", e.getMessage());
            delivery.add(commitment);
        }
    }

    private static void check(Command command, DataSet dataSet) throws DicomException {
        if (!SOP_CLASS.equals(command.sopClassUID())) {
            throw new DicomException(DicomStatus.NO_SUCH_SOP_CLASS, "N-ACTION is of Storage Commitment only");
        }
        if (!SOP_INSTANCE.equals(command.sopInstanceUID())) {
            throw new DicomException(
                    DicomStatus.NO_SUCH_OBJECT_INSTANCE,
                    "The instance is not the well-known one of Storage Commitment");
        }
        if (command.elements().integer(Tag.ActionTypeID, 0) != REQUEST_COMMITMENT) {
            throw new DicomException(DicomStatus.NO_SUCH_ACTION, "Storage Commitment has action 1 only");
        }
        if (!UIDs.isLenient(dataSet.string(Tag.TransactionUID))) {
            throw new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, "Transaction UID is missing or no UID");
        }
        if (dataSet.items(Tag.ReferencedSOPSequence).isEmpty()) {
            throw new DicomException(DicomStatus.INVALID_ARGUMENT_VALUE, "Referenced SOP Sequence has no item");
        }
    }

    /**
     * Reports a result, and forgets it when it was taken.
     *
     * @throws DicomException where the result is not to be had, or the requestor does not take it
     */
    void report(Commitment commitment, Association association, PresentationContext.Accepted context)
            throws IOException, DicomException {
        DataSet result = result(commitment);
        Command event = Command.request(CommandField.N_EVENT_REPORT, SOP_CLASS).withSOPInstanceUID(SOP_INSTANCE);
        event.elements()
                .setInt(
                        Tag.EventTypeID,
                        VR.US,
                        result.items(Tag.FailedSOPSequence).isEmpty() ? ALL_COMMITTED : SOME_FAILED);
        DimseStatus status = new ServiceUser(association)
                .ask(context, event, DataSetSource.of(result, context.transferSyntax()))
                .status();
        if (!status.isSuccess() && !status.isWarning()) {
            throw new DicomException(
                    DicomStatus.PROCESSING_FAILURE, "The requestor answers its result with " + status.hex());
        }
        commitment.forget();
    }

    /** What is kept of the instances that are asked for (PS3.4 Table J.3-2). */
    private DataSet result(Commitment commitment) throws IOException, DicomException {
        List<DataSet> asked = commitment.request().items(Tag.ReferencedSOPSequence);
        Map<String, String> kept = kept(commitment.provider(), asked);
        List<DataSet> committed = new ArrayList<>();
        List<DataSet> failed = new ArrayList<>();
        for (DataSet reference : asked) {
            String sopClassUID = reference.string(Tag.ReferencedSOPClassUID, "");
            String sopInstanceUID = reference.string(Tag.ReferencedSOPInstanceUID, "");
            DataSet item = new DataSet()
                    .setString(Tag.ReferencedSOPClassUID, VR.UI, sopClassUID)
                    .setString(Tag.ReferencedSOPInstanceUID, VR.UI, sopInstanceUID);
            String keptClass = kept.get(sopInstanceUID);
            if (sopClassUID.equals(keptClass)) {
                committed.add(item);
            } else {
                DicomStatus reason =
                        keptClass == null ? DicomStatus.NO_SUCH_OBJECT_INSTANCE : DicomStatus.CLASS_INSTANCE_CONFLICT;
                failed.add(item.setInt(Tag.FailureReason, VR.US, reason.code()));
            }
        }
        DataSet result = new DataSet()
                .setString(Tag.TransactionUID, VR.UI, commitment.request().string(Tag.TransactionUID))
                .setString(Tag.RetrieveAETitle, VR.AE, commitment.called());
        if (!committed.isEmpty()) {
            result.setItems(Tag.ReferencedSOPSequence, committed.toArray(DataSet[]::new));
        }
        if (!failed.isEmpty()) {
            result.setItems(Tag.FailedSOPSequence, failed.toArray(DataSet[]::new));
        }
        return result;
    }

    /** The SOP classes of those instances that are kept, by their SOP Instance UIDs. */
    private Map<String, String> kept(String provider, List<DataSet> asked) throws IOException, DicomException {
        List<String> uids = asked.stream()
                .map(reference -> reference.string(Tag.ReferencedSOPInstanceUID))
                .filter(UIDs::isLenient)
                .distinct()
                .toList();
        Map<String, String> kept = new HashMap<>();
        for (int from = 0; from < uids.size(); from += UIDS_AT_ONCE) {
            List<String> some = uids.subList(from, Math.min(uids.size(), from + UIDS_AT_ONCE));
            Query query = new Query(
                    provider,
                    QueryLevel.IMAGE,
                    List.of(new MatchingKey(List.of(Tag.SOPInstanceUID), VR.UI, some)),
                    List.of(List.of(Tag.SOPClassUID)),
                    false,
                    false,
                    Integer.MAX_VALUE,
                    0);
            consumer.route(query, Object.class, found -> put(found, kept));
        }
        return kept;
    }

    private static void put(Object found, Map<String, String> kept) throws IOException, DicomException {
        if (found instanceof RetrievalResult result) {
            for (KeptInstance instance : result.instances()) {
                if (isThere(instance)) {
                    kept.put(instance.sopInstanceUID(), instance.sopClassUID());
                }
            }
        } else if (found instanceof Iterator<?> matches) {
            matches.forEachRemaining(match -> {
                DataSet dataSet = (DataSet) match;
                kept.put(dataSet.string(Tag.SOPInstanceUID), dataSet.string(Tag.SOPClassUID));
            });
        } else {
            throw new DicomException(DicomStatus.PROCESSING_FAILURE, "The route does not say which instances are kept");
        }
    }

    /** @throws IOException where that cannot be told now */
    private static boolean isThere(KeptInstance instance) throws IOException {
        try (InputStream in = instance.open()) {
            return true;
        } catch (FileNotFoundException | NoSuchFileException e) {
            return false;
        }
    }
}
