package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.imagingingestion.camel.dicomweb.Payload.Piece;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.service.UnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/** Answers with payloads: conditions, ranges, and for each payload the way that costs least. */
final class PayloadSender {
    private static final Logger LOG = LoggerFactory.getLogger(PayloadSender.class);
    private static final int SMALL = 64 << 10;

    private final HttpCall call;
    private final String entityTag;
    private final String vary;

    /** @param entityTag of what would be sent */
    PayloadSender(HttpCall call, String entityTag) {
        this(call, entityTag, "Accept");
    }

    /** @param vary the request headers that choose what would be sent */
    PayloadSender(HttpCall call, String entityTag, String vary) {
        this.call = call;
        this.entityTag = entityTag;
        this.vary = vary;
    }

    /** Answers 304 where the client has it already. @return whether it was answered */
    boolean isNotModified() {
        call.set("ETag", entityTag).set("Cache-Control", "private, no-cache").set("Vary", vary + ", Origin");
        if (!EntityTag.isNoneMatch(call.headers("If-None-Match"), entityTag)) {
            return false;
        }
        call.send(304);
        return true;
    }

    /** Answers with the part of it that the client wants. */
    void sendRange(String contentType, Payload payload) throws DicomException, IOException {
        call.set("Accept-Ranges", "bytes");
        long total = payload.length();
        boolean whole = !EntityTag.isIfRange(call.header("If-Range"), entityTag);
        ByteRange range = whole ? null : ByteRange.parse(call.header("Range"), total);
        if (range == null) {
            send(200, contentType, payload);
        } else if (range.length() == 0) {
            call.set("Content-Range", range.contentRange(total))
                    .sendText(416, "The range is not within the " + total + " bytes");
        } else {
            call.set("Content-Range", range.contentRange(total));
            send(206, contentType, payload.slice(range.offset(), range.length()));
        }
    }

    /**
     * Answers with all of it.
     *
     * @throws DicomException where the store fails before anything is sent
     * @throws IOException where the answer breaks off
     */
    void send(int status, String contentType, Payload payload) throws DicomException, IOException {
        if (call.isHead()) {
            call.stream(status, contentType, payload.length());
            return;
        }
        List<Piece> pieces = new ArrayList<>();
        payload.collect(0, payload.length(), pieces);
        try {
            if (payload.length() <= SMALL) {
                sendSmall(status, contentType, pieces, (int) payload.length());
            } else if (!sendFile(status, contentType, pieces)) {
                stream(status, contentType, payload.length(), pieces);
            }
        } catch (IOException e) {
            if (call.isAnswered()) {
                throw e;
            }
            LOG.error("A stored object cannot be read: {}", e.getClass().getName());
            DicomStatus problem =
                    e instanceof UnavailableException ? DicomStatus.OUT_OF_RESOURCES : DicomStatus.PROCESSING_FAILURE;
            throw new DicomException(problem, "A stored object cannot be read", e);
        }
    }

    private void sendSmall(int status, String contentType, List<Piece> pieces, int length) throws IOException {
        ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(length, 1));
        try {
            for (Piece piece : pieces) {
                read(piece, bytes);
            }
        } catch (IOException e) {
            bytes.release();
            throw e;
        }
        call.send(status, contentType, bytes);
    }

    private static void read(Piece piece, ByteBuf into) throws IOException {
        if (piece.payload() instanceof HeldPayload held) {
            into.writeBytes(held.bytes(), (int) piece.offset(), (int) piece.length());
            return;
        }
        try (InputStream in = piece.open()) {
            for (int left = (int) piece.length(); left > 0; ) {
                int n = into.writeBytes(in, left);
                if (n < 0) {
                    throw new EOFException("A stored object is shorter than it was");
                }
                left -= n;
            }
        }
    }

    /** Sends one part of one file with little around it. @return whether it is such */
    private boolean sendFile(int status, String contentType, List<Piece> pieces) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        ByteArrayOutputStream tail = new ByteArrayOutputStream();
        Piece stored = null;
        for (Piece piece : pieces) {
            if (piece.payload() instanceof HeldPayload held && piece.length() <= SMALL) {
                (stored == null ? head : tail).write(held.bytes(), (int) piece.offset(), (int) piece.length());
            } else if (stored == null && piece.payload() instanceof StoredPayload) {
                stored = piece;
            } else {
                return false;
            }
        }
        if (stored == null || !call.takesFiles()) {
            return false;
        }
        StoredPayload payload = (StoredPayload) stored.payload();
        Path file = payload.file();
        if (file == null) {
            return false;
        }
        long start = payload.start() + stored.offset();
        FileChannel channel = open(file, start + stored.length());
        call.sendFile(status, contentType, head.toByteArray(), channel, start, stored.length(), tail.toByteArray());
        return true;
    }

    private static FileChannel open(Path file, long length) throws IOException {
        FileChannel channel = FileChannel.open(file);
        if (channel.size() < length) {
            channel.close();
            throw new EOFException("A stored object is shorter than it was");
        }
        return channel;
    }

    private void stream(int status, String contentType, long length, List<Piece> pieces) throws IOException {
        ResponseBody out = (ResponseBody) call.stream(status, contentType, length);
        for (Piece piece : pieces) {
            Path file = piece.payload() instanceof StoredPayload stored ? stored.file() : null;
            if (piece.payload() instanceof HeldPayload held) {
                out.write(held.bytes(), (int) piece.offset(), (int) piece.length());
            } else if (file != null) {
                long start = ((StoredPayload) piece.payload()).start() + piece.offset();
                out.transfer(open(file, start + piece.length()), start, piece.length());
            } else {
                try (InputStream in = piece.open()) {
                    out.copy(in, piece.length());
                }
            }
        }
        out.close();
    }
}
