package org.imagingingestion.dicom.net;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.imagingingestion.dicom.TransferSyntax;

/** A peer that sends the bytes a test wants, and shows those that come back: nothing of what is tested is in it. */
final class TestPeer implements Closeable {
    static final String VERIFICATION = "1.2.840.10008.1.1";
    static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    static final String IMPLICIT = TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid();
    static final String EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid();

    private final Socket socket;

    private TestPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
    }

    static TestPeer connectedTo(int port) throws IOException {
        return new TestPeer(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** One whose system keeps hardly anything that it does not read. */
    static TestPeer thatReadsLittle(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(2048);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new TestPeer(socket);
    }

    static TestPeer acceptedBy(ServerSocket server) throws IOException {
        return new TestPeer(server.accept());
    }

    Socket socket() {
        return socket;
    }

    TestPeer send(byte[]... pieces) throws IOException {
        for (byte[] piece : pieces) {
            socket.getOutputStream().write(piece);
        }
        return this;
    }

    /** The next PDU, header and all. @throws EOFException at the end of the connection */
    byte[] receive() throws IOException {
        InputStream in = socket.getInputStream();
        byte[] header = in.readNBytes(6);
        if (header.length < 6) {
            throw new EOFException();
        }
        int length = ByteBuffer.wrap(header).getInt(2);
        byte[] pdu = new byte[6 + length];
        System.arraycopy(header, 0, pdu, 0, 6);
        if (in.readNBytes(pdu, 6, length) < length) {
            throw new EOFException();
        }
        return pdu;
    }

    /** Whether nothing comes for a while. */
    boolean isSilent() throws IOException {
        int timeout = socket.getSoTimeout();
        socket.setSoTimeout(200);
        try {
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(timeout);
        }
    }

    /** Whether the other side has closed the connection, one way or the other. */
    boolean isClosed() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    /** An A-ASSOCIATE-RQ, byte by byte, for contexts 1, 3, 5 … of these SOP classes in Implicit VR Little Endian. */
    static byte[] associateRequest(String called, String calling, String... sopClasses) {
        return associate(called, calling, 16384, sopClasses);
    }

    static byte[] associate(String called, String calling, int maximumLength, String... sopClasses) {
        ByteArrayOutputStream items = new ByteArrayOutputStream();
        items.writeBytes(item(0x10, ascii("1.2.840.10008.3.1.1.1")));
        int id = 1;
        for (String sopClass : sopClasses) {
            items.writeBytes(item(
                    0x20,
                    join(new byte[] {(byte) id, 0, 0, 0}, item(0x30, ascii(sopClass)), item(0x40, ascii(IMPLICIT)))));
            id += 2;
        }
        items.writeBytes(item(
                0x50,
                join(
                        item(0x51, ByteBuffer.allocate(4).putInt(maximumLength).array()),
                        item(0x52, ascii("1.2.3.4")),
                        item(0x55, ascii("PEER")))));
        return pdu(
                1, join(new byte[] {0, 1, 0, 0}, padded(called), padded(calling), new byte[32], items.toByteArray()));
    }

    /** An A-ASSOCIATE-AC, byte by byte, for context 1 in Implicit VR Little Endian. */
    static byte[] associateAccept(String called, String calling) {
        byte[] context = join(new byte[] {1, 0, 0, 0}, item(0x40, ascii(IMPLICIT)));
        byte[] user = join(item(0x51, new byte[] {0, 0, 0x40, 0}), item(0x52, ascii("1.2.3.4")));
        return pdu(
                2,
                join(
                        new byte[] {0, 1, 0, 0},
                        padded(called),
                        padded(calling),
                        new byte[32],
                        item(0x10, ascii("1.2.840.10008.3.1.1.1")),
                        item(0x21, context),
                        item(0x50, user)));
    }

    static byte[] releaseRequest() {
        return pdu(5, new byte[4]);
    }

    static byte[] releaseResponse() {
        return pdu(6, new byte[4]);
    }

    static byte[] abort() {
        return pdu(7, new byte[4]);
    }

    /** A P-DATA-TF of these values. */
    static byte[] data(byte[]... values) {
        return pdu(4, join(values));
    }

    /** A presentation data value. */
    static byte[] value(int context, boolean command, boolean last, byte[] bytes) {
        return join(
                ByteBuffer.allocate(6)
                        .putInt(bytes.length + 2)
                        .put((byte) context)
                        .put((byte) ((command ? 1 : 0) | (last ? 2 : 0)))
                        .array(),
                bytes);
    }

    static byte[] pdu(int type, byte[] body) {
        return join(
                ByteBuffer.allocate(6)
                        .put((byte) type)
                        .put((byte) 0)
                        .putInt(body.length)
                        .array(),
                body);
    }

    static byte[] item(int type, byte[] body) {
        return join(
                ByteBuffer.allocate(4)
                        .put((byte) type)
                        .put((byte) 0)
                        .putShort((short) body.length)
                        .array(),
                body);
    }

    static byte[] join(byte[]... pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List.of(pieces).forEach(all::writeBytes);
        return all.toByteArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] padded(String title) {
        return ascii(String.format("%-16s", title));
    }

    /** A C-ECHO-RQ as it goes over the wire. */
    static byte[] echo(int messageID) {
        return command(VERIFICATION, 0x0030, messageID, false);
    }

    /** A C-STORE-RQ as it goes over the wire, with a data set to follow. */
    static byte[] store(int messageID) {
        return command(CT, 0x0001, messageID, true);
    }

    private static byte[] command(String sopClass, int field, int messageID, boolean hasDataSet) {
        byte[] uid = ascii(sopClass.length() % 2 == 0 ? sopClass : sopClass + '\0');
        byte[] elements = join(
                element(0x0002, uid),
                element(0x0100, le16(field)),
                element(0x0110, le16(messageID)),
                element(0x0700, le16(0)),
                element(0x0800, le16(hasDataSet ? 1 : 0x0101)),
                hasDataSet ? element(0x1000, ascii("1.2.3.4.")) : new byte[0]);
        return join(element(0x0000, le32(elements.length)), elements);
    }

    private static byte[] element(int number, byte[] value) {
        return join(le16(0), le16(number), le32(value.length), value);
    }

    private static byte[] le16(int number) {
        return new byte[] {(byte) number, (byte) (number >> 8)};
    }

    private static byte[] le32(int number) {
        return new byte[] {(byte) number, (byte) (number >> 8), (byte) (number >> 16), (byte) (number >> 24)};
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
