package org.imagingingestion.dicom.net;

/** What can happen to an association, in the order of the standard: Evt1 to Evt19 (PS3.8 §9.2, Table 9-10). */
enum Event {
    ASSOCIATE_REQUEST,
    TRANSPORT_CONFIRM,
    ASSOCIATE_AC_PDU,
    ASSOCIATE_RJ_PDU,
    TRANSPORT_INDICATION,
    ASSOCIATE_RQ_PDU,
    ASSOCIATE_ACCEPT,
    ASSOCIATE_REJECT,
    DATA_REQUEST,
    DATA_PDU,
    RELEASE_REQUEST,
    RELEASE_RQ_PDU,
    RELEASE_RP_PDU,
    RELEASE_RESPONSE,
    ABORT_REQUEST,
    ABORT_PDU,
    TRANSPORT_CLOSED,
    ARTIM_EXPIRED,
    INVALID_PDU
}
