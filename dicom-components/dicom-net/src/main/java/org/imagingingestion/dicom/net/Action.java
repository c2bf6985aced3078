package org.imagingingestion.dicom.net;

/** What is done on an event, and the state that follows (PS3.8 §9.2.2, Tables 9-6 to 9-9). */
enum Action {
    /** Open the transport connection. */
    AE1(State.STA4),
    /** Send A-ASSOCIATE-RQ. */
    AE2(State.STA5),
    /** Confirm the association to the local user. */
    AE3(State.STA6),
    /** Confirm the rejection to the local user, close the transport connection. */
    AE4(State.STA1),
    /** Start the timer. */
    AE5(State.STA2),
    /** Stop the timer; indicate the request to the local user. */
    AE6(State.STA3),
    /** Send A-ASSOCIATE-AC. */
    AE7(State.STA6),
    /** Send A-ASSOCIATE-RJ, start the timer. */
    AE8(State.STA13),
    /** Send P-DATA-TF. */
    DT1(State.STA6),
    /** Indicate data to the local user. */
    DT2(State.STA6),
    /** Send A-RELEASE-RQ. */
    AR1(State.STA7),
    /** Indicate the release to the local user. */
    AR2(State.STA8),
    /** Confirm the release to the local user, close the transport connection. */
    AR3(State.STA1),
    /** Send A-RELEASE-RP, start the timer. */
    AR4(State.STA13),
    /** Stop the timer. */
    AR5(State.STA1),
    /** Indicate data to the local user, who has asked for release already. */
    AR6(State.STA7),
    /** Send P-DATA-TF to a peer that has asked for release already. */
    AR7(State.STA8),
    /** Indicate the release to the local user, who has asked for it too; an acceptor goes to Sta10 instead. */
    AR8(State.STA9),
    /** Send A-RELEASE-RP in a collision. */
    AR9(State.STA11),
    /** Confirm the release to the local user in a collision. */
    AR10(State.STA12),
    /** Send A-ABORT as the service user, start the timer. */
    AA1(State.STA13),
    /** Stop the timer, close the transport connection. */
    AA2(State.STA1),
    /** Indicate the peer's abort to the local user, close the transport connection. */
    AA3(State.STA1),
    /** Indicate the loss of the transport connection to the local user. */
    AA4(State.STA1),
    /** Stop the timer. */
    AA5(State.STA1),
    /** Ignore the PDU. */
    AA6(State.STA13),
    /** Send A-ABORT again. */
    AA7(State.STA13),
    /** Send A-ABORT as the service provider, indicate it to the local user, start the timer. */
    AA8(State.STA13);

    private final State next;

    Action(State next) {
        this.next = next;
    }

    /** @param requestor whether this side asked for the association */
    State next(boolean requestor) {
        return this == AR8 && !requestor ? State.STA10 : next;
    }
}
