package org.imagingingestion.dicom.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An association: messages in both directions (PS3.7 §7 to §10, PS3.8 §7). Used by one thread; only {@link #disconnect()} and
 * {@link #end()} may come from others.
 *
 * <p>A request of the peer that comes while an answer is awaited is handled then and there.
 */
public final class Association implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Association.class);
    private static final int MOST_NESTED = 4;
    /** Shortest PDU length that a peer may ask for; a message fits in any, but not in a bearable number of pieces. */
    private static final int LEAST_MAXIMUM_LENGTH = 64;

    private static final int DIGITS_OF_ID = 12;
    /** In which a peer that was told of the end is to close the connection. */
    private static final Duration TO_CLOSE = Duration.ofSeconds(2);

    private final String id =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(), DIGITS_OF_ID);
    private final UpperLayer layer;
    private final MessageReader in;
    private final DataOutput out;
    private final Timeouts timeouts;
    private final Pdu.AssociateRequest request;
    private final Pdu.AssociateAccept accept;
    private final String user;
    private final Map<Integer, PresentationContext.Accepted> contexts = new LinkedHashMap<>();
    private final Deque<Integer> served = new ArrayDeque<>();
    private final Set<Integer> cancelled = new HashSet<>();
    private RequestHandler handler = (association, message) -> {
        throw new DicomException(DicomStatus.UNRECOGNIZED_OPERATION, "No operations are taken on this association");
    };
    private Message deferred;
    private int lastMessageID;
    private boolean isReleased;
    private final Object turn = new Object();
    private boolean isWaiting;
    private boolean isEnding;
    private long cutAt;
    private long received;
    private long sent;

    /** @param user {@code null} where nobody was verified */
    Association(
            UpperLayer layer, Timeouts timeouts, Pdu.AssociateRequest request, Pdu.AssociateAccept accept, String user)
            throws IOException {
        this.layer = layer;
        this.timeouts = timeouts;
        this.request = request;
        this.accept = accept;
        this.user = user;
        for (PresentationContext.Answer answer : accept.presentationContexts()) {
            request.presentationContexts().stream()
                    .filter(context -> context.id() == answer.id() && answer.isAccepted())
                    .filter(context -> context.transferSyntaxes().contains(answer.transferSyntax()))
                    .forEach(context -> contexts.putIfAbsent(
                            context.id(),
                            new PresentationContext.Accepted(
                                    context.id(), context.abstractSyntax(), answer.transferSyntax())));
        }
        int maximumLength = peer().maximumLength();
        if (maximumLength > 0 && maximumLength < LEAST_MAXIMUM_LENGTH) {
            layer.abort();
            throw new AssociationAbortedException(
                    "The peer takes PDUs of " + maximumLength + " bytes only, too short for any message");
        }
        in = new MessageReader(layer, contexts, timeouts.data());
        out = new DataOutput(layer.transport(), maximumLength);
    }

    /** What it is known by in logs and traces, of hexadecimal digits; its peer does not know it. */
    public String id() {
        return id;
    }

    public String callingAETitle() {
        return request.callingAETitle();
    }

    public String calledAETitle() {
        return request.calledAETitle();
    }

    public InetAddress remoteAddress() {
        return layer.transport().remoteAddress();
    }

    /** Name of the requestor's user whom this side has verified, {@code null} where it has verified nobody. */
    public String user() {
        return user;
    }

    /** What the requestor asked for. */
    public Pdu.AssociateRequest request() {
        return request;
    }

    /** What the acceptor agreed to. */
    public Pdu.AssociateAccept accept() {
        return accept;
    }

    /** What the other side says about itself. */
    public UserInformation peer() {
        return layer.isRequestor() ? accept.userInformation() : request.userInformation();
    }

    /** The accepted presentation contexts, by their number. */
    public Collection<PresentationContext.Accepted> contexts() {
        return contexts.values();
    }

    /** The context of this SOP class and transfer syntax, {@code null} where there is none. */
    public PresentationContext.Accepted context(String abstractSyntax, String transferSyntax) {
        for (PresentationContext.Accepted context : contexts.values()) {
            if (context.abstractSyntax().equals(abstractSyntax)
                    && context.transferSyntax().equals(transferSyntax)) {
                return context;
            }
        }
        return null;
    }

    /** A context of this SOP class. @throws DicomException SOP_CLASS_NOT_SUPPORTED where the peer took none */
    public PresentationContext.Accepted context(String abstractSyntax) throws DicomException {
        for (PresentationContext.Accepted context : contexts.values()) {
            if (context.abstractSyntax().equals(abstractSyntax)) {
                return context;
            }
        }
        throw new DicomException(
                DicomStatus.SOP_CLASS_NOT_SUPPORTED, "The peer does not take SOP class " + abstractSyntax);
    }

    /** Whether this side may be the SCU of a SOP class: the requestor where nothing else was agreed on (PS3.7 §D.3.3.4). */
    public boolean isSCU(String sopClassUID) {
        for (UserInformation.RoleSelection role : accept.userInformation().roles()) {
            if (role.sopClassUID().equals(sopClassUID)) {
                return layer.isRequestor() ? role.scu() : role.scp();
            }
        }
        return layer.isRequestor();
    }

    /** Whether the peer may be the SCU of a SOP class. */
    public boolean isPeerSCU(String sopClassUID) {
        for (UserInformation.RoleSelection role : accept.userInformation().roles()) {
            if (role.sopClassUID().equals(sopClassUID)) {
                return layer.isRequestor() ? role.scp() : role.scu();
            }
        }
        return !layer.isRequestor();
    }

    /** Requests that this side may send before it has their answers; {@link Integer#MAX_VALUE} for any number. */
    public int window() {
        UserInformation.Window window = accept.userInformation().window();
        if (window == null) {
            return 1;
        }
        int most = layer.isRequestor() ? window.invoked() : window.performed();
        return most == 0 ? Integer.MAX_VALUE : most;
    }

    /** Messages that came. */
    public long received() {
        return received;
    }

    /** Messages that were sent. */
    public long sent() {
        return sent;
    }

    public long bytesReceived() {
        return layer.transport().bytesRead();
    }

    public long bytesSent() {
        return layer.transport().bytesWritten();
    }

    /** Whether messages can still be exchanged, as far as this side knows. */
    public boolean isOpen() {
        return layer.isEstablished();
    }

    /** Whether the peer has sent something, which between operations is its wish to end the association. */
    public boolean hasInput() {
        try {
            return layer.transport().isReadable();
        } catch (IOException e) {
            return true;
        }
    }

    /** Sets who answers the peer's requests that come while this side waits for an answer. */
    public void setHandler(RequestHandler requests) {
        handler = requests;
    }

    /** Handles the peer's requests until it releases. @throws AssociationAbortedException where it ends otherwise */
    public void serve(RequestHandler requests) throws IOException {
        handler = requests;
        for (Message message = awaitRequest(); message != null; message = awaitRequest()) {
            dispatch(message);
        }
    }

    private Message awaitRequest() throws IOException {
        synchronized (turn) {
            if (isEnding) {
                layer.abortWhileReceiving();
                layer.transport().drain();
                throw new AssociationAbortedException("This side stops");
            }
            isWaiting = true;
        }
        Message message = null;
        IOException problem = null;
        try {
            message = receive(timeouts.idle());
        } catch (IOException e) {
            problem = e;
        }
        synchronized (turn) {
            isWaiting = false;
            if (isEnding && !isReleased) {
                layer.transport().drain();
                throw new AssociationAbortedException("This side stops", problem);
            }
        }
        if (problem != null) {
            throw problem;
        }
        return message;
    }

    /**
     * Ends an association that serves its peer: by an abort at once where it waits for a request, otherwise when the request that it is
     * at is answered. From whichever thread; to be called again until it has ended, as a peer may not do its part.
     */
    public void end() {
        synchronized (turn) {
            if (isWaiting && !isEnding) {
                layer.abortWhileReceiving();
                cutAt = System.nanoTime() + TO_CLOSE.toNanos();
            } else if (isWaiting && System.nanoTime() - cutAt > 0) {
                disconnect();
            }
            isEnding = true;
        }
    }

    private void dispatch(Message message) throws IOException {
        Command command = message.command();
        if (command.isResponse()) {
            LOG.debug("A response that nobody asked for is passed over");
            return;
        }
        if (command.field() == CommandField.C_CANCEL) {
            // what it cancels was answered before it came
            return;
        }
        served.push(command.messageID());
        long begun = System.nanoTime();
        try {
            if (command.field() == null) {
                throw new DicomException(DicomStatus.UNRECOGNIZED_OPERATION, "There is no such command");
            }
            if (served.size() > MOST_NESTED) {
                throw new DicomException(DicomStatus.RESOURCE_LIMITATION, "Too many operations are under way");
            }
            handler.handle(this, message);
            if (message.status() == null) {
                throw new IllegalStateException(command.field() + " was left without an answer");
            }
        } catch (DicomException e) {
            fail(message, DimseStatus.of(e), e);
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            if (layer.isEstablished()) {
                LOG.error("{} failed: {}", command.field(), e.getClass().getName());
                LOG.debug("The failure", e);
            }
            fail(message, DimseStatus.of(DicomStatus.PROCESSING_FAILURE, "The request could not be worked on"), e);
        } finally {
            if (command.field() != null) {
                handler.answered(this, message, System.nanoTime() - begun);
            }
            served.pop();
            cancelled.remove(command.messageID());
        }
    }

    private void fail(Message message, DimseStatus status, Throwable cause) throws IOException {
        if (!layer.isEstablished()) {
            throw cause instanceof AssociationException own
                    ? own
                    : new AssociationAbortedException("The association ended within an operation", cause);
        }
        if (message.status() == null) {
            respond(message, status);
        }
    }

    /** Answers a request, finally where the status is not pending. */
    public void respond(Message message, DimseStatus status) throws IOException {
        respond(message, message.command().response(status), null);
    }

    /** Answers a request with a response made from it, and a data set that may be {@code null}. */
    public void respond(Message message, Command response, DataSet dataSet) throws IOException {
        write(message, response, dataSet);
        flush();
    }

    /** Answers by a pending response that may wait until more follow: to be used where the next one comes at once. */
    public void respondWithMore(Message message, Command response, DataSet dataSet) throws IOException {
        write(message, response, dataSet);
    }

    private void write(Message message, Command response, DataSet dataSet) throws IOException {
        DimseStatus status = response.status();
        if (!status.isPending()) {
            message.answered(status);
        }
        write(
                message.context(),
                response,
                dataSet == null
                        ? null
                        : DataSetSource.of(dataSet, message.context().transferSyntax()));
    }

    /** Whether the peer has asked to cancel a request that is being handled; looks at what has come, and does not wait. */
    public boolean isCancelled(Message message) throws IOException {
        while (deferred == null && layer.transport().isReadable()) {
            Message next = receive(timeouts.data());
            if (next == null) {
                throw new AssociationAbortedException("The peer released within an operation");
            }
            if (!isCancel(next)) {
                deferred = next;
            }
        }
        return cancelled.contains(message.command().messageID());
    }

    private boolean isCancel(Message message) {
        if (message.command().isResponse() || message.command().field() != CommandField.C_CANCEL) {
            return false;
        }
        int messageID = message.command().messageIDBeingRespondedTo();
        if (served.contains(messageID)) {
            cancelled.add(messageID);
        }
        return true;
    }

    /**
     * Sends a request without waiting for its answer.
     *
     * @param data {@code null} for none
     * @return its Message ID
     */
    public int request(PresentationContext.Accepted context, Command command, DataSetSource data) throws IOException {
        lastMessageID = lastMessageID % 0xFFFF + 1;
        command.elements().setInt(Tag.MessageID, VR.US, lastMessageID);
        send(context, command, data);
        return lastMessageID;
    }

    /** Asks the peer to stop working on a request (PS3.7 §9.3.2.3). */
    public void cancel(PresentationContext.Accepted context, int messageID) throws IOException {
        send(context, Command.cancel(messageID), null);
    }

    /**
     * Waits for the next request of the peer and handles it.
     *
     * @throws AssociationAbortedException where none comes in time
     */
    public void serveNext(Duration within) throws IOException {
        Message message = receive(within);
        if (message == null) {
            throw new AssociationAbortedException("The peer released while its request was awaited");
        }
        if (!isCancel(message)) {
            dispatch(message);
        }
    }

    /** Waits for the next response, to whichever request. */
    public Message awaitResponse() throws IOException {
        while (true) {
            Message message = receive(timeouts.response());
            if (message == null) {
                throw new AssociationAbortedException("The peer released while an answer was awaited");
            }
            if (message.command().isResponse()) {
                return message;
            }
            if (!isCancel(message)) {
                dispatch(message);
            }
        }
    }

    /** Waits for the next response to this request. */
    public Message awaitResponse(int messageID) throws IOException {
        while (true) {
            Message message = awaitResponse();
            if (message.command().messageIDBeingRespondedTo() == messageID) {
                return message;
            }
            LOG.debug("A response to another request is passed over");
        }
    }

    private void send(PresentationContext.Accepted context, Command command, DataSetSource data) throws IOException {
        write(context, command, data);
        flush();
    }

    private void write(PresentationContext.Accepted context, Command command, DataSetSource data) throws IOException {
        layer.sending();
        try {
            out.begin(context.id(), true);
            out.write(command.encode(data != null));
            out.end();
            if (data != null) {
                out.begin(context.id(), false);
                data.writeTo(out);
                if (TransferSyntax.of(context.transferSyntax()).deflated()) {
                    out.padToEven();
                }
                out.end();
            }
        } catch (IOException | RuntimeException e) {
            // a message cannot be taken back: half of one is the end of the association
            layer.abort();
            // its text may have the name of a file, and UIDs in it
            throw new AssociationAbortedException(
                    "A message could not be sent to its end: " + e.getClass().getSimpleName(), e);
        }
        sent++;
    }

    /** Sends what {@link #respondWithMore} has left waiting. */
    public void flush() throws IOException {
        try {
            out.send();
        } catch (IOException e) {
            layer.abort();
            throw new AssociationAbortedException("The connection broke", e);
        }
    }

    /** The next message. @return {@code null} where the peer releases */
    private Message receive(Duration within) throws IOException {
        if (deferred != null) {
            Message message = deferred;
            deferred = null;
            return message;
        }
        if (isReleased) {
            return null;
        }
        in.skip();
        Transport transport = layer.transport();
        if (!transport.isReadable()) {
            transport.shrink();
            out.shrink();
        }
        Message message = in.next(within);
        if (message == null) {
            isReleased = true;
            layer.answerRelease();
            return null;
        }
        received++;
        return message;
    }

    /** Releases the association, which the peer confirms (PS3.8 §7.2). */
    public void release() throws IOException {
        in.skip();
        layer.release();
        isReleased = true;
        layer.close();
    }

    /** Ends the association at once, and tells the peer. */
    public void abort() {
        try {
            layer.abort();
        } catch (IOException e) {
            LOG.debug("An abort could not be sent: {}", e.getMessage());
        }
    }

    /** Closes the connection, from whichever thread; the one that uses the association gets an exception. */
    public void disconnect() {
        layer.transport().close();
    }

    /** Releases where that is possible, and ends the association otherwise. */
    @Override
    public void close() {
        try {
            if (layer.isEstablished()) {
                release();
            }
        } catch (IOException e) {
            LOG.debug("An association was not released in order: {}", e.getMessage());
        } finally {
            layer.close();
        }
    }
}
