package org.imagingingestion.dicom.net;

/** The peer does not take the association (PS3.8 §7.1.1.7, §9.3.4). */
public final class AssociationRejectedException extends AssociationException {
    private static final long serialVersionUID = 1L;

    private final boolean isTransient;

    AssociationRejectedException(Pdu.AssociateReject reject) {
        super("The association was rejected: " + reject.meaning());
        isTransient = reject.result() == Pdu.AssociateReject.TRANSIENT;
    }

    /** Whether it may be taken later. */
    @Override
    public boolean isTransient() {
        return isTransient;
    }
}
