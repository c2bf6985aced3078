package org.imagingingestion.dicom.net;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/** Reads PDUs from a connection, those with data piece by piece (PS3.8 §9.3, §9.3.5, Annex E). */
final class PduInput {
    /** Longest PDU that is not P-DATA-TF. */
    private static final int LONGEST_CONTROL_PDU = 1 << 20;

    private static final int PDV_HEADER = 6;
    private static final int COMMAND_BIT = 1;
    private static final int LAST_BIT = 2;

    private final Transport transport;
    private final byte[] header = new byte[PduType.HEADER];
    private int longestData = Integer.MAX_VALUE;
    private long leftInPdu;
    private int leftInValue;
    private int contextID;
    private int control;

    PduInput(Transport transport) {
        this.transport = transport;
    }

    /** Sets what this side has told to take; 0 for any length. */
    void limitData(int maximumLength) {
        longestData = maximumLength == 0 ? Integer.MAX_VALUE : maximumLength;
    }

    /**
     * Waits for the next PDU and reads it; of one with data only the header.
     *
     * @throws PduException where it is none
     * @throws EOFException at the end of the connection
     */
    Pdu next() throws IOException {
        if (leftInPdu > 0 || leftInValue > 0) {
            throw new IllegalStateException("The PDU before has not been read to its end");
        }
        int type = transport.read();
        if (type < 0) {
            throw new EOFException("The peer closed the connection");
        }
        header[0] = (byte) type;
        transport.readFully(header, 1, header.length - 1);
        long length = uint32(header, 2);
        if (type == PduType.P_DATA_TF) {
            if (length > longestData) {
                throw new PduException(
                        Pdu.Abort.INVALID_PARAMETER_VALUE,
                        "P-DATA-TF of " + length + " bytes where at most " + longestData + " were agreed on");
            }
            leftInPdu = length;
            return new Pdu.Data();
        }
        if (type < PduType.ASSOCIATE_RQ || type > PduType.ABORT) {
            throw new PduException(Pdu.Abort.UNRECOGNIZED_PDU, String.format("There is no PDU of type %02XH", type));
        }
        return PduDecoder.decode(type, body(length));
    }

    /** The bytes of a PDU, taken as they come so that a declared length alone costs no memory. */
    private byte[] body(long length) throws IOException {
        if (length > LONGEST_CONTROL_PDU) {
            throw new PduException(Pdu.Abort.INVALID_PARAMETER_VALUE, "A PDU of " + length + " bytes is too long");
        }
        byte[] body = new byte[(int) Math.min(length, 8 << 10)];
        transport.readFully(body, 0, body.length);
        while (body.length < length) {
            int before = body.length;
            body = Arrays.copyOf(body, (int) Math.min(length, before * 2L));
            transport.readFully(body, before, body.length - before);
        }
        return body;
    }

    /**
     * Goes to the next presentation data value of the PDU.
     *
     * @return {@code false} where the PDU has no more
     */
    boolean nextValue() throws IOException {
        if (leftInValue > 0) {
            throw new IllegalStateException("The value before has not been read to its end");
        }
        if (leftInPdu == 0) {
            return false;
        }
        if (leftInPdu < PDV_HEADER) {
            throw new PduException(
                    Pdu.Abort.INVALID_PARAMETER_VALUE, "P-DATA-TF ends within a presentation data value");
        }
        transport.readFully(header, 0, PDV_HEADER);
        long length = uint32(header, 0);
        leftInPdu -= PDV_HEADER;
        if (length < 2 || length - 2 > leftInPdu) {
            throw new PduException(
                    Pdu.Abort.INVALID_PARAMETER_VALUE,
                    "A presentation data value of " + length + " bytes where the PDU has " + (leftInPdu + 2));
        }
        leftInValue = (int) (length - 2);
        contextID = header[4] & 0xFF;
        control = header[5];
        return true;
    }

    /** Presentation context of the value. */
    int contextID() {
        return contextID;
    }

    /** Whether the value is of a command and not of a data set. */
    boolean isCommand() {
        return (control & COMMAND_BIT) != 0;
    }

    /** Whether the value is the last of its command or data set. */
    boolean isLast() {
        return (control & LAST_BIT) != 0;
    }

    /** Bytes of the value that are not read yet. */
    int leftInValue() {
        return leftInValue;
    }

    /** Reads at least one byte of the value, which must have some left. */
    int read(byte[] target, int offset, int length) throws IOException {
        int n = transport.read(target, offset, Math.min(length, leftInValue));
        leftInValue -= n;
        leftInPdu -= n;
        return n;
    }

    /** Passes over what is left of the PDU. */
    void skip() throws IOException {
        byte[] chunk = new byte[(int) Math.min(leftInPdu, 16 << 10)];
        while (leftInPdu > 0) {
            leftInPdu -= transport.read(chunk, 0, (int) Math.min(leftInPdu, chunk.length));
        }
        leftInValue = 0;
    }

    private static long uint32(byte[] bytes, int at) {
        return (bytes[at] & 0xFFL) << 24
                | (bytes[at + 1] & 0xFF) << 16
                | (bytes[at + 2] & 0xFF) << 8
                | bytes[at + 3] & 0xFF;
    }
}
