package org.imagingingestion.dicom.net;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/** Puts messages together from the presentation data values of an association (PS3.7 §6.3, PS3.8 Annex E). */
final class MessageReader {
    private static final int COMMAND = 512;
    private static final int CHUNK = 16 << 10;

    private final UpperLayer layer;
    private final Map<Integer, PresentationContext.Accepted> contexts;
    private final Duration data;
    private DataSetStream unread;

    /** @param data the longest time without a byte within a message */
    MessageReader(UpperLayer layer, Map<Integer, PresentationContext.Accepted> contexts, Duration data) {
        this.layer = layer;
        this.contexts = contexts;
        this.data = data;
    }

    /** Passes over what is left of the data set of the message before. */
    void skip() throws IOException {
        if (unread != null) {
            layer.transport().within(data);
            unread.skip();
            unread = null;
        }
    }

    /**
     * Waits for the next message and reads its command; the one before has to be skipped.
     *
     * @return {@code null} where the peer asks for release instead
     */
    Message next(Duration within) throws IOException {
        Transport transport = layer.transport();
        transport.within(within);
        while (!layer.nextValueOfPdu()) {
            if (layer.receive() instanceof Pdu.ReleaseRequest) {
                return null;
            }
        }
        transport.within(data);
        int contextID = layer.in().contextID();
        Command command = decode(readCommand(contextID));
        PresentationContext.Accepted context = contexts.get(contextID);
        if (context == null) {
            throw layer.violated("Presentation context " + contextID + " was not agreed on");
        }
        if (command.hasDataSet()) {
            transport.grow();
            unread = new DataSetStream(contextID);
        }
        return new Message(context, command, unread);
    }

    private Command decode(byte[] bytes) throws IOException {
        try {
            return Command.decode(bytes);
        } catch (PduException e) {
            throw layer.violated(e.getMessage());
        }
    }

    private byte[] readCommand(int contextID) throws IOException {
        byte[] bytes = new byte[COMMAND];
        int length = 0;
        while (true) {
            PduInput in = layer.in();
            if (!in.isCommand() || in.contextID() != contextID) {
                throw layer.violated("A command is interrupted by something else");
            }
            if (length + in.leftInValue() > Command.LONGEST) {
                throw layer.violated("A command has more than " + Command.LONGEST + " bytes");
            }
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length, length + in.leftInValue()));
            while (in.leftInValue() > 0) {
                length += layer.readValue(bytes, length, in.leftInValue());
            }
            if (in.isLast()) {
                return Arrays.copyOf(bytes, length);
            }
            layer.nextValue();
        }
    }

    /** The data set of a message, value by value. */
    private final class DataSetStream extends InputStream {
        private final int contextID;
        private boolean isAtEnd;
        private boolean isBegun;

        DataSetStream(int contextID) {
            this.contextID = contextID;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (!isAtEnd && layer.in().leftInValue() == 0) {
                if (isBegun && layer.in().isLast()) {
                    isAtEnd = true;
                } else {
                    next();
                }
            }
            return isAtEnd ? -1 : layer.readValue(target, offset, length);
        }

        private void next() throws IOException {
            layer.nextValue();
            isBegun = true;
            if (layer.in().isCommand() || layer.in().contextID() != contextID) {
                throw layer.violated("A data set is interrupted by something else");
            }
        }

        void skip() throws IOException {
            byte[] chunk = new byte[CHUNK];
            while (read(chunk, 0, chunk.length) >= 0) {
                // nobody wants it
            }
        }
    }
}
