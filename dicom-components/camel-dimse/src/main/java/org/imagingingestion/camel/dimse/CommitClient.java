package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import org.apache.camel.Exchange;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
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

/** Asks a peer which instances it keeps safely, and waits for its word on the same association (PS3.4 §J.3). */
final class CommitClient implements DimseProducer.Client {
    private static final List<PresentationContext> CONTEXTS =
            List.of(new PresentationContext(1, CommitService.SOP_CLASS, TransferSyntaxes.PLAIN));

    private final Caller caller;
    private final Duration responseTimeout;

    CommitClient(Caller caller, DimseConfiguration options) {
        this.caller = caller;
        responseTimeout = options.timeouts().response();
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        DataSet request = exchange.getMessage().getMandatoryBody(DataSet.class);
        if (!request.containsValue(Tag.TransactionUID)) {
            request.setString(Tag.TransactionUID, VR.UI, UIDs.create());
        }
        Result result = new Result(request.string(Tag.TransactionUID));
        try (Association association = caller.associate(CONTEXTS, List.of())) {
            association.setHandler(result::take);
            PresentationContext.Accepted context = association.context(CommitService.SOP_CLASS);
            Command command = Command.request(CommandField.N_ACTION, CommitService.SOP_CLASS)
                    .withSOPInstanceUID(CommitService.SOP_INSTANCE);
            command.elements().setInt(Tag.ActionTypeID, VR.US, CommitService.REQUEST_COMMITMENT);
            QueryClient.check(
                    exchange.getMessage(),
                    "N-ACTION",
                    new ServiceUser(association)
                            .ask(context, command, DataSetSource.of(request, context.transferSyntax()))
                            .status());
            long until = System.nanoTime() + responseTimeout.toNanos();
            while (result.dataSet == null) {
                association.serveNext(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
            }
        }
        exchange.getMessage().setBody(result.dataSet);
    }

    /** What the peer says of one transaction. */
    private static final class Result {
        private final String transactionUID;
        private DataSet dataSet;

        Result(String transactionUID) {
            this.transactionUID = transactionUID;
        }

        void take(Association association, Message message) throws IOException, DicomException {
            if (message.command().field() != CommandField.N_EVENT_REPORT) {
                throw new DicomException(
                        DicomStatus.UNRECOGNIZED_OPERATION, message.command().field() + " is not answered here");
            }
            DataSet event = message.readDataSet();
            association.respond(message, DimseStatus.SUCCESS);
            if (transactionUID.equals(event.string(Tag.TransactionUID))) {
                dataSet = event;
            }
        }
    }

    @Override
    public void close() {
        // each request has an association of its own
    }
}
