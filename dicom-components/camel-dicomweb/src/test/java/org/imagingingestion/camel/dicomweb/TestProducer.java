package org.imagingingestion.camel.dicomweb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomWriter;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.TransferSyntax;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.RemoteResults;
import org.imagingingestion.dicom.service.StoreResult;

import static org.awaitility.Awaitility.await;

/** Producers without a route, in a Camel context of their own. */
final class TestProducer implements AutoCloseable {
    final CamelContext camelContext = new DefaultCamelContext();

    TestProducer() {
        camelContext.start();
    }

    /** Sends a body, and gives the exchange or throws what the producer throws. */
    Exchange send(String uri, Object body, Map<String, Object> headers) throws Exception {
        Endpoint endpoint = camelContext.getEndpoint(uri);
        Exchange exchange = endpoint.createExchange();
        exchange.getIn().setBody(body);
        exchange.getIn().setHeaders(new HashMap<>(headers));
        try (Producer producer = endpoint.createProducer()) {
            producer.start();
            producer.process(exchange);
        }
        return exchange;
    }

    Exchange send(String uri, Object body) throws Exception {
        return send(uri, body, Map.of());
    }

    StoreResult store(String uri, Object body) throws Exception {
        return send(uri, body).getMessage().getBody(StoreResult.class);
    }

    @SuppressWarnings("unchecked")
    <T> RemoteResults<T> results(String uri, Object body) throws Exception {
        return (RemoteResults<T>) send(uri, body).getMessage().getBody();
    }

    /** Study Instance UIDs of all results. */
    List<String> studies(String uri, Object body) throws Exception {
        List<String> studies = new ArrayList<>();
        try (RemoteResults<DataSet> results = results(uri, body)) {
            for (DataSet match = results.poll(); match != null; match = results.poll()) {
                studies.add(match.string(Tag.StudyInstanceUID));
            }
        }
        return studies;
    }

    /**
     * Has a call interrupted on a thread of its own, as what the runner of the tests writes would not survive it on this one.
     *
     * @param ready when to interrupt it
     * @return what it ended with
     */
    static Throwable interrupt(Callable<?> call, Callable<Boolean> ready) throws Exception {
        FutureTask<?> task = new FutureTask<>(call);
        Thread thread = new Thread(task);
        thread.start();
        await().until(ready);
        thread.interrupt();
        try {
            return new AssertionError("It ended with " + task.get(10, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    /** A Part 10 file. */
    static byte[] file(String study, String instance, int pixels) throws Exception {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataSet dataSet = StoredObject.dataSet(study, "1.2.9", instance)
                .setBytes(Tag.PixelData, VR.OW, StoredObject.noise(pixels, pixels));
        new DicomWriter(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN).writeFile(dataSet, file);
        return file.toByteArray();
    }

    /** A Part 10 file that is made while it is read. @param read told how many bytes have been read so far */
    static InputStream generated(String instance, int length, LongConsumer read) throws Exception {
        byte[] head = file("1.2", instance, 0);
        // the length of the pixel data, which are the last element
        ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).putInt(head.length - 4, length);
        return new InputStream() {
            private int at;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int offset, int most) {
                int left = head.length + length - at;
                if (left == 0) {
                    return -1;
                }
                int n = Math.min(most, left);
                for (int i = 0; i < n; i++) {
                    bytes[offset + i] = at + i < head.length ? head[at + i] : (byte) (at + i >> 3);
                }
                at += n;
                read.accept(at);
                return n;
            }
        };
    }

    @Override
    public void close() {
        camelContext.stop();
    }
}
