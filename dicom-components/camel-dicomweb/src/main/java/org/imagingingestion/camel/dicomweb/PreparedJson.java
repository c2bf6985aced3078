package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.imagingingestion.dicom.service.QueryResult;

/** Documents that were made ready beforehand, in which only the address of the service is missing. */
final class PreparedJson {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOWEST = 0x0101010101010101L;
    private static final long HIGHEST = 0x8080808080808080L;
    private static final long PLACEHOLDERS = QueryResult.BASE_URL * LOWEST;

    private final List<byte[]> documents;
    private final byte[] baseUrl;

    /**
     * @param documents each one JSON object, with {@link QueryResult#BASE_URL} in the place of the address
     * @param baseUrl address of the service
     */
    PreparedJson(List<byte[]> documents, String baseUrl) {
        this.documents = documents;
        this.baseUrl = escape(baseUrl).getBytes(StandardCharsets.UTF_8);
    }

    /** The host that a client names is its own choice, and must not end a string. */
    private static String escape(String url) {
        StringBuilder escaped = new StringBuilder(url.length());
        url.chars().forEach(c -> {
            if (c == '"' || c == '\\' || c < ' ') {
                escaped.append(String.format("\\u%04x", c));
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.toString();
    }

    /** How many documents there are. */
    int size() {
        return documents.size();
    }

    /** Length in bytes of all documents as an array. */
    long arrayLength() {
        long length = 2 + Math.max(0, documents.size() - 1);
        for (byte[] document : documents) {
            length += length(document);
        }
        return length;
    }

    /** Writes all documents as a JSON array. */
    void writeArray(OutputStream out) throws IOException {
        for (int i = 0; i < documents.size(); i++) {
            out.write(i == 0 ? '[' : ',');
            write(i, out);
        }
        out.write(documents.isEmpty() ? new byte[] {'[', ']'} : new byte[] {']'});
    }

    /** Writes one document by itself. */
    void write(int index, OutputStream out) throws IOException {
        byte[] document = documents.get(index);
        int from = 0;
        for (int at = next(document, 0); at < document.length; at = next(document, from)) {
            out.write(document, from, at - from);
            out.write(baseUrl);
            from = at + 1;
        }
        out.write(document, from, document.length - from);
    }

    /** All documents as a JSON array. */
    byte[] toArray() {
        byte[] array = new byte[Math.toIntExact(arrayLength())];
        int position = 0;
        array[position++] = '[';
        for (byte[] document : documents) {
            if (position > 1) {
                array[position++] = ',';
            }
            position = copy(document, array, position);
        }
        array[position] = ']';
        return array;
    }

    /** One document by itself. */
    byte[] document(int index) {
        byte[] document = documents.get(index);
        byte[] whole = new byte[length(document)];
        copy(document, whole, 0);
        return whole;
    }

    private int copy(byte[] document, byte[] target, int start) {
        int position = start;
        int from = 0;
        while (true) {
            int at = next(document, from);
            System.arraycopy(document, from, target, position, at - from);
            position += at - from;
            if (at == document.length) {
                return position;
            }
            System.arraycopy(baseUrl, 0, target, position, baseUrl.length);
            position += baseUrl.length;
            from = at + 1;
        }
    }

    private int length(byte[] document) {
        int length = document.length;
        for (int at = next(document, 0); at < document.length; at = next(document, at + 1)) {
            length += baseUrl.length - 1;
        }
        return length;
    }

    /** Place of the next placeholder, the document's length where there is none; looks at eight bytes at once. */
    private static int next(byte[] document, int from) {
        int at = from;
        for (; at <= document.length - 8; at += 8) {
            long eight = (long) LONGS.get(document, at) ^ PLACEHOLDERS;
            long found = eight - LOWEST & ~eight & HIGHEST;
            if (found != 0) {
                return at + Long.numberOfTrailingZeros(found) / 8;
            }
        }
        while (at < document.length && document[at] != QueryResult.BASE_URL) {
            at++;
        }
        return at;
    }
}
