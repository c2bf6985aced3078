package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.CommandField;
import org.imagingingestion.dicom.net.Message;

/** What a port has done since its start. */
public final class DimseStatistics {
    /** What a peer was answered. */
    public record Answer(CommandField command, String sopClassUID, String callingAETitle, int status) {}

    /** Hears of each request when it has been answered. */
    public interface Listener {
        /** @param nanos from the request to its last answer */
        void answered(Answer answer, long nanos);
    }

    private static final int MOST_ANSWERS = 2000;

    private final LongAdder accepted = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder aborted = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final Map<Answer, LongAdder> answers = new ConcurrentHashMap<>();
    private volatile Listener listener = (answer, nanos) -> {};

    void opened() {
        accepted.increment();
    }

    void rejected() {
        rejected.increment();
    }

    void closed(Association association, IOException problem) {
        if (problem != null) {
            aborted.increment();
        }
        bytesReceived.add(association.bytesReceived());
        bytesSent.add(association.bytesSent());
    }

    void answered(Association association, Message request, long nanos) {
        if (request.status() != null) {
            Answer answer = new Answer(
                    request.command().field(),
                    request.context().abstractSyntax(),
                    association.callingAETitle(),
                    request.status().code());
            if (answers.size() < MOST_ANSWERS || answers.containsKey(answer)) {
                answers.computeIfAbsent(answer, a -> new LongAdder()).increment();
                listener.answered(answer, nanos);
            }
        }
    }

    public void setListener(Listener listener) {
        this.listener = listener;
    }

    /** Associations that were accepted. */
    public long accepted() {
        return accepted.sum();
    }

    /** Associations that were rejected. */
    public long rejectedAssociations() {
        return rejected.sum();
    }

    /** Associations that ended otherwise than by release. */
    public long aborted() {
        return aborted.sum();
    }

    /** Bytes of associations that have ended. */
    public long bytesReceived() {
        return bytesReceived.sum();
    }

    /** Bytes of associations that have ended. */
    public long bytesSent() {
        return bytesSent.sum();
    }

    /** How many requests were answered how; for the first ones where peers think up ever more AE titles. */
    public Map<Answer, Long> answers() {
        Map<Answer, Long> counts = new HashMap<>();
        answers.forEach((answer, count) -> counts.put(answer, count.sum()));
        return counts;
    }
}
