package org.imagingingestion.dicom.net;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * One association as the upper layer protocol sees it (PS3.8 §9.2): every PDU and every wish of the local user is an
 * event, and {@link StateTable} says what is done. Used by one thread; only {@link #close()} and {@link #abortWhileReceiving()} may come from others.
 */
final class UpperLayer implements Closeable {
    /** The timer in Sta13: nothing depends on it, so that it is shorter than that of the request. */
    private static final Duration LINGER = Duration.ofSeconds(2);

    private static final Pdu.Abort UNEXPECTED = new Pdu.Abort(Pdu.Abort.BY_PROVIDER, Pdu.Abort.UNEXPECTED_PDU);

    private final Transport transport;
    private final PduInput in;
    private final Timeouts timeouts;
    private final boolean requestor;
    private State state = State.STA1;

    private UpperLayer(Transport transport, Timeouts timeouts, boolean requestor) {
        this.transport = transport;
        this.in = new PduInput(transport);
        this.timeouts = timeouts;
        this.requestor = requestor;
        transport.writeWithin(timeouts.data());
    }

    /** The acceptor's side of a connection that was just accepted. */
    static UpperLayer acceptor(Transport transport, Timeouts timeouts) throws IOException {
        UpperLayer layer = new UpperLayer(transport, timeouts, false);
        layer.on(Event.TRANSPORT_INDICATION, null);
        return layer;
    }

    /** The requestor's side of a connection that was just opened. */
    static UpperLayer requestor(Transport transport, Timeouts timeouts) throws IOException {
        UpperLayer layer = new UpperLayer(transport, timeouts, true);
        layer.on(Event.ASSOCIATE_REQUEST, null);
        return layer;
    }

    Transport transport() {
        return transport;
    }

    PduInput in() {
        return in;
    }

    /** Whether messages can be sent and received. */
    boolean isEstablished() {
        return state == State.STA6;
    }

    boolean isRequestor() {
        return requestor;
    }

    /** Waits for the request of the peer, an acceptor's first step. */
    Pdu.AssociateRequest awaitRequest() throws IOException {
        transport.within(timeouts.association());
        return (Pdu.AssociateRequest) receive();
    }

    void accept(Pdu.AssociateAccept accept) throws IOException {
        in.limitData(accept.userInformation().maximumLength());
        on(Event.ASSOCIATE_ACCEPT, accept);
    }

    void reject(Pdu.AssociateReject reject) throws IOException {
        on(Event.ASSOCIATE_REJECT, reject);
        awaitClose();
    }

    /**
     * Asks for an association.
     *
     * @throws AssociationRejectedException where the peer does not take it
     */
    Pdu.AssociateAccept request(Pdu.AssociateRequest request) throws IOException {
        in.limitData(request.userInformation().maximumLength());
        on(Event.TRANSPORT_CONFIRM, request);
        transport.within(timeouts.association());
        Pdu answer = receive();
        if (answer instanceof Pdu.AssociateReject reject) {
            throw new AssociationRejectedException(reject);
        }
        return (Pdu.AssociateAccept) answer;
    }

    /** To be called before data is sent. */
    void sending() throws IOException {
        on(Event.DATA_REQUEST, null);
    }

    /**
     * Waits for the next PDU: data, or the peer's wish to release. Whatever else comes ends the association.
     *
     * @throws AssociationAbortedException where either side aborts, or the connection is lost
     */
    Pdu receive() throws IOException {
        Pdu pdu;
        try {
            pdu = in.next();
        } catch (IOException e) {
            throw failed(e);
        }
        on(eventOf(pdu), pdu);
        return pdu;
    }

    /** Goes to the next presentation data value of this PDU. @return {@code false} where it has no more */
    boolean nextValueOfPdu() throws IOException {
        try {
            return in.nextValue();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Goes to the next presentation data value, in this PDU or the next. */
    void nextValue() throws IOException {
        while (!nextValueOfPdu()) {
            if (!(receive() instanceof Pdu.Data)) {
                abort();
                throw new AssociationAbortedException("The peer asked for release within a message");
            }
        }
    }

    /** Reads at least one byte of the value, which must have some left. */
    int readValue(byte[] target, int offset, int length) throws IOException {
        try {
            return in.read(target, offset, length);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Ends the association where the peer does not keep to the protocol. */
    AssociationAbortedException violated(String rule) throws IOException {
        return failed(new PduException(Pdu.Abort.INVALID_PARAMETER_VALUE, rule));
    }

    /** What a failure to read means for the association, which is its end. */
    private AssociationAbortedException failed(IOException problem) throws IOException {
        if (problem instanceof PduException invalid) {
            on(Event.INVALID_PDU, new Pdu.Abort(Pdu.Abort.BY_PROVIDER, invalid.reason()));
            transport.drain();
            close();
            return new AssociationAbortedException(
                    "The peer does not keep to the protocol: " + invalid.getMessage(), invalid);
        }
        if (problem instanceof InterruptedIOException) {
            if (state == State.STA2 || state == State.STA13) {
                on(Event.ARTIM_EXPIRED, null);
            } else {
                abort();
            }
            return new AssociationAbortedException(
                    "The peer was waited for too long: " + problem.getMessage(), problem);
        }
        on(Event.TRANSPORT_CLOSED, null);
        return new AssociationAbortedException(
                problem instanceof EOFException
                        ? "The peer closed the connection without release or abort"
                        : "The connection broke",
                problem);
    }

    private static Event eventOf(Pdu pdu) {
        if (pdu instanceof Pdu.Data) {
            return Event.DATA_PDU;
        }
        if (pdu instanceof Pdu.AssociateRequest) {
            return Event.ASSOCIATE_RQ_PDU;
        }
        if (pdu instanceof Pdu.AssociateAccept) {
            return Event.ASSOCIATE_AC_PDU;
        }
        if (pdu instanceof Pdu.AssociateReject) {
            return Event.ASSOCIATE_RJ_PDU;
        }
        if (pdu instanceof Pdu.ReleaseRequest) {
            return Event.RELEASE_RQ_PDU;
        }
        return pdu instanceof Pdu.ReleaseResponse ? Event.RELEASE_RP_PDU : Event.ABORT_PDU;
    }

    /** Answers the peer's wish to release, and waits until it closes the connection. */
    void answerRelease() throws IOException {
        on(Event.RELEASE_RESPONSE, null);
        awaitClose();
    }

    /** Asks for release and waits for the answer; data that comes meanwhile is passed over. */
    void release() throws IOException {
        skip();
        on(Event.RELEASE_REQUEST, null);
        Duration within = timeouts.release();
        transport.within(within);
        long until = System.nanoTime() + within.toNanos();
        while (state != State.STA1 && state != State.STA13) {
            if (System.nanoTime() - until > 0) {
                throw failed(new SocketTimeoutException("No A-RELEASE-RP"));
            }
            Pdu pdu = receive();
            if (pdu instanceof Pdu.Data) {
                skip();
            } else if (state == State.STA9) {
                on(Event.RELEASE_RESPONSE, null);
            } else if (state == State.STA12) {
                answerRelease();
            }
        }
    }

    /** Passes over what is left of a PDU. */
    private void skip() throws IOException {
        try {
            in.skip();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Ends the association at once, as its user. */
    void abort() throws IOException {
        Event event = Event.ABORT_REQUEST;
        if (StateTable.action(state, event) != null) {
            on(event, new Pdu.Abort(Pdu.Abort.BY_USER, Pdu.Abort.NOT_SPECIFIED));
        }
        close();
    }

    /**
     * Tells the peer of the end, from another thread than the one that waits for what comes. That one goes on to read, as what is not read
     * would take the abort away from the peer, until the peer closes the connection.
     */
    void abortWhileReceiving() {
        byte[] abort = PduEncoder.encode(new Pdu.Abort(Pdu.Abort.BY_USER, Pdu.Abort.NOT_SPECIFIED));
        try {
            transport.write(abort, 0, abort.length);
            transport.endOutput();
        } catch (IOException e) {
            // there is nobody to tell
            transport.close();
        }
    }

    /** What came to be of an event; throws where it is the end of the association for the local user. */
    private void on(Event event, Pdu pdu) throws IOException {
        Action action = StateTable.action(state, event);
        if (action == null) {
            if (state == State.STA1 || state == State.STA13) {
                throw new AssociationAbortedException("The association is over");
            }
            throw new IllegalStateException(event + " cannot happen in " + state);
        }
        State before = state;
        state = action.next(requestor);
        switch (action) {
            case AE2, AE7, AE8, AA1 -> send(action == Action.AA1 && !(pdu instanceof Pdu.Abort) ? UNEXPECTED : pdu);
            case AR1 -> send(new Pdu.ReleaseRequest());
            case AR4, AR9 -> send(new Pdu.ReleaseResponse());
            case AA8 -> send(pdu instanceof Pdu.Abort ? pdu : UNEXPECTED);
            case AA7 -> send(UNEXPECTED);
            case AE4, AR3, AA2, AA4, AA5, AR5 -> close();
            case AA3 -> {
                close();
                throw new AssociationAbortedException("The peer aborted " + ((Pdu.Abort) pdu).meaning());
            }
            default -> {
                // what is indicated or confirmed is what the caller gets; the timer is the transport's
            }
        }
        if ((action == Action.AA8 || action == Action.AA1)
                && event != Event.ABORT_REQUEST
                && event != Event.INVALID_PDU) {
            transport.drain();
            close();
            throw new AssociationAbortedException("The peer sent an unexpected PDU: " + event + " in " + before);
        }
        if (event == Event.ABORT_PDU && action == Action.AA2) {
            throw new AssociationAbortedException("The peer aborted " + ((Pdu.Abort) pdu).meaning());
        }
    }

    private void send(Pdu pdu) throws IOException {
        byte[] bytes = PduEncoder.encode(pdu);
        try {
            transport.write(bytes, 0, bytes.length);
        } catch (IOException e) {
            if (!(pdu instanceof Pdu.Abort)) {
                state = State.STA1;
                close();
                throw new AssociationAbortedException("The connection broke", e);
            }
            // there is nobody to tell
        }
    }

    /** Waits until the peer closes the connection, which it has to after a rejection, a release, an abort (Sta13). */
    private void awaitClose() {
        Duration within = timeouts.association().compareTo(LINGER) < 0 ? timeouts.association() : LINGER;
        transport.within(within);
        long until = System.nanoTime() + within.toNanos();
        try {
            while (state == State.STA13 && System.nanoTime() - until < 0) {
                receive();
                in.skip();
            }
        } catch (IOException e) {
            // an end as good as any: nobody waits for what comes now
        }
        close();
    }

    @Override
    public void close() {
        transport.end();
    }
}
