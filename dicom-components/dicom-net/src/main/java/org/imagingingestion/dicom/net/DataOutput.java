package org.imagingingestion.dicom.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Writes commands and data sets as P-DATA-TF, a value a PDU, several PDUs at once where they are short (PS3.8 §9.3.5, Annex E).
 */
public final class DataOutput extends OutputStream {
    /** Longest P-DATA-TF that this side sends, whatever the peer would take. */
    static final int LONGEST = 128 << 10;

    private static final int PDV_HEADER = 6;
    private static final int HEADERS = PduType.HEADER + PDV_HEADER;
    private static final int SMALL_BUFFER = 2 << 10;
    private static final int LARGE_BUFFER = LONGEST + HEADERS;
    private static final int WORTHWHILE = 4 << 10;

    private final Transport transport;
    private final int mostInValue;
    private final byte[] small = new byte[SMALL_BUFFER];
    private byte[] buffer = small;
    /** Start of the PDU being written. */
    private int start;

    private int end;
    private int contextID;
    private boolean isCommand;

    /** @param maximumLength what the peer takes after the header of a P-DATA-TF, 0 for any */
    DataOutput(Transport transport, int maximumLength) {
        this.transport = transport;
        int longest = maximumLength == 0 ? LONGEST : Math.min(maximumLength, LONGEST);
        // fragments of even length (PS3.8 Annex E)
        mostInValue = (longest - PDV_HEADER) & ~1;
    }

    /** Begins a command or a data set. */
    void begin(int context, boolean command) throws IOException {
        contextID = context;
        isCommand = command;
        if (!command) {
            grow();
        }
        beginPdu();
    }

    private void grow() {
        if (buffer == small) {
            buffer = Arrays.copyOf(small, LARGE_BUFFER);
        }
    }

    private void beginPdu() throws IOException {
        start = end;
        if (buffer.length - start < HEADERS + Math.min(mostInValue, WORTHWHILE) && start > 0) {
            send();
        }
        end = start + HEADERS;
    }

    private int room() {
        return Math.min(buffer.length - end, mostInValue - (end - start - HEADERS));
    }

    /** Makes room for more: by a larger buffer, by another PDU, by sending what there is. */
    private int makeRoom() throws IOException {
        if (room() == 0 && end - start - HEADERS < mostInValue) {
            grow();
        }
        if (room() == 0) {
            endPdu(false);
            beginPdu();
        }
        return room();
    }

    @Override
    public void write(int b) throws IOException {
        makeRoom();
        buffer[end++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int n = Math.min(makeRoom(), length - done);
            System.arraycopy(bytes, offset + done, buffer, end, n);
            end += n;
            done += n;
        }
    }

    /** Writes all that a stream has, without a copy in between. */
    public void writeFrom(InputStream in) throws IOException {
        while (true) {
            int room = makeRoom();
            int n = in.read(buffer, end, room);
            if (n < 0) {
                return;
            }
            end += n;
        }
    }

    /** Adds the byte that a deflated data set of odd length lacks (PS3.5 §A.5), for a fragment of even length (PS3.8 Annex E). */
    void padToEven() throws IOException {
        if ((end - start - HEADERS & 1) != 0) {
            write(0);
        }
    }

    /** Ends the command or data set. */
    void end() {
        endPdu(true);
        start = end;
    }

    private void endPdu(boolean last) {
        int valueLength = end - start - PduType.HEADER - 4;
        buffer[start] = PduType.P_DATA_TF;
        buffer[start + 1] = 0;
        uint32(start + 2, valueLength + 4);
        uint32(start + PduType.HEADER, valueLength);
        buffer[start + PduType.HEADER + 4] = (byte) contextID;
        buffer[start + PduType.HEADER + 5] = (byte) ((isCommand ? 1 : 0) | (last ? 2 : 0));
    }

    private void uint32(int at, int number) {
        buffer[at] = (byte) (number >>> 24);
        buffer[at + 1] = (byte) (number >>> 16);
        buffer[at + 2] = (byte) (number >>> 8);
        buffer[at + 3] = (byte) number;
    }

    /** Does nothing: what is sent when is for the association to say. */
    @Override
    public void flush() {
        // PDUs that are complete go out when there is no room for more, or at the end of the message
    }

    /** Sends the PDUs that are complete. */
    void send() throws IOException {
        if (start > 0) {
            transport.write(buffer, 0, start);
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
    }

    /** Gives a large buffer back: to be called where nothing is to be sent soon. */
    void shrink() {
        if (end == 0) {
            buffer = small;
        }
    }
}
