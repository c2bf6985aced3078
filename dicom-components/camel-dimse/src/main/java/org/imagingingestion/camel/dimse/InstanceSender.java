package org.imagingingestion.camel.dimse;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.AssociationException;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.PresentationContext;
import org.imagingingestion.dicom.net.ServiceUser;
import org.imagingingestion.dicom.service.KeptInstance;

/** Sends instances to one application entity by C-STORE, over one association as long as it lasts and is good for them. */
final class InstanceSender implements Closeable {
    private final Caller caller;
    private Association association;
    private Proposal proposal;

    InstanceSender(Caller caller) {
        this.caller = caller;
    }

    /**
     * Sends an instance.
     *
     * @param following the instances that may come after it, for whose sake more is proposed where an association is opened
     * @param originator {@code null} where nobody else asked for it
     * @throws DicomException where the peer does not take its SOP class, or no transfer syntax that it can be had in
     * @throws IOException where there is no association, or it ends
     */
    DimseStatus send(KeptInstance instance, Iterable<KeptInstance> following, ServiceUser.MoveOriginator originator)
            throws IOException, DicomException {
        boolean isFresh = open(instance, following);
        try {
            return send(association, instance, originator);
        } catch (AssociationException e) {
            abandon();
            if (isFresh) {
                throw e;
            }
            // an association that was kept may have been closed by its peer for being idle
            open(instance, following);
            return send(association, instance, originator);
        }
    }

    /** Sends an instance over an association that is open. */
    static DimseStatus send(Association association, KeptInstance instance, ServiceUser.MoveOriginator originator)
            throws IOException, DicomException {
        PresentationContext.Accepted context = context(association, instance);
        try (InstanceData data = InstanceData.open(instance, context.transferSyntax())) {
            return new ServiceUser(association).store(context, instance.sopInstanceUID(), originator, data);
        }
    }

    /** The context that an instance is sent in: in its own transfer syntax, else in one that it can be written in. */
    private static PresentationContext.Accepted context(Association association, KeptInstance instance)
            throws DicomException {
        PresentationContext.Accepted own = association.context(instance.sopClassUID(), instance.transferSyntaxUID());
        if (own != null) {
            return own;
        }
        // none at all is told as such
        association.context(instance.sopClassUID());
        for (PresentationContext.Accepted context : association.contexts()) {
            if (context.abstractSyntax().equals(instance.sopClassUID())
                    && TransferSyntaxes.isConvertible(instance.transferSyntaxUID(), context.transferSyntax())) {
                return context;
            }
        }
        throw new DicomException(
                DicomStatus.TRANSFER_SYNTAX_NOT_SUPPORTED,
                "The peer does not take transfer syntax " + instance.transferSyntaxUID());
    }

    private boolean open(KeptInstance instance, Iterable<KeptInstance> following) throws IOException {
        if (association != null && association.isOpen() && proposal.covers(instance)) {
            return false;
        }
        close();
        proposal = new Proposal();
        proposal.add(instance);
        for (KeptInstance next : following) {
            if (next.isDescribed() && !proposal.add(next)) {
                break;
            }
        }
        association = caller.associate(proposal.contexts(), List.of());
        return true;
    }

    private void abandon() {
        if (association != null) {
            association.disconnect();
            association = null;
        }
    }

    /** Releases the association. */
    @Override
    public void close() {
        if (association != null) {
            association.close();
            association = null;
        }
    }
}
