package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.imagingingestion.dicom.service.UnavailableException;

import com.azure.core.http.rest.PagedResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobContainerAsyncClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobDownloadAsyncResponse;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobHttpHeaders;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.DeleteSnapshotsOptionType;
import com.azure.storage.blob.models.DownloadRetryOptions;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobCommitBlockListOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.specialized.BlockBlobClient;

/**
 * Block blobs of an Azure container. Long ones come in blocks, which Azure itself removes when they are not committed within a
 * week. The MD5 of each request's bytes goes with it for the service to check.
 */
final class AzureObjectStore implements ObjectStore {
    private static final String CONTENT_TYPE = "application/dicom";
    private static final int MOST_BLOCKS = 50_000;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    /** The slowest network that bytes come over, per millisecond. */
    private static final int LEAST_BYTES = 1000;
    /** Buffers of the HTTP client, of 16 KiB, that may wait for whoever reads. */
    private static final int BUFFERS_AHEAD = 16;

    private final BlobContainerClient container;
    private final BlobContainerAsyncClient downloads;
    private final Duration timeout;
    private final AzureRequests requests;

    /** @param timeout of a request, beside what its bytes take @param attempts how often one is made */
    AzureObjectStore(
            BlobContainerClient container, BlobContainerAsyncClient downloads, Duration timeout, int attempts) {
        this.container = container;
        this.downloads = downloads;
        this.timeout = timeout;
        requests = new AzureRequests(attempts);
    }

    private BlockBlobClient blob(String key) {
        return container.getBlobClient(key).getBlockBlobClient();
    }

    private Duration timeout(int length) {
        return timeout.plusMillis(length / LEAST_BYTES);
    }

    @Override
    public void put(String key, byte[] bytes, int length) throws IOException {
        byte[] md5 = md5(bytes, length);
        requests.make(() -> blob(key)
                .uploadWithResponse(
                        new BlockBlobSimpleUploadOptions(data(bytes, length))
                                .setHeaders(new BlobHttpHeaders().setContentType(CONTENT_TYPE))
                                .setContentMd5(md5),
                        timeout(length),
                        Context.NONE));
    }

    /** A request that took too long may go on with a buffer that is used again: its digest keeps it from being stored. */
    private static BinaryData data(byte[] bytes, int length) {
        return BinaryData.fromByteBuffer(ByteBuffer.wrap(bytes, 0, length));
    }

    private static byte[] md5(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            digest.update(bytes, 0, length);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Upload begin(String key) {
        return new Blocks(blob(key));
    }

    private final class Blocks implements Upload {
        private final BlockBlobClient blob;
        private final List<String> ids = new ArrayList<>();

        Blocks(BlockBlobClient blob) {
            this.blob = blob;
        }

        @Override
        public void add(byte[] bytes, int length) throws IOException {
            if (ids.size() == MOST_BLOCKS) {
                throw new UnavailableException("The object is longer than " + MOST_BLOCKS + " parts");
            }
            String id = Base64.getEncoder()
                    .encodeToString(String.format("%05d", ids.size()).getBytes(StandardCharsets.US_ASCII));
            byte[] md5 = md5(bytes, length);
            requests.make(() -> blob.stageBlockWithResponse(
                    id, data(bytes, length).toStream(), length, md5, null, timeout(length), Context.NONE));
            ids.add(id);
        }

        @Override
        public void complete() throws IOException {
            requests.make(() -> blob.commitBlockListWithResponse(
                    new BlockBlobCommitBlockListOptions(ids)
                            .setHeaders(new BlobHttpHeaders().setContentType(CONTENT_TYPE)),
                    timeout,
                    Context.NONE));
        }

        @Override
        public void abort() {
            // nothing is to be seen of blocks that are not committed, and nothing can be done about them
        }
    }

    @Override
    public Download get(String key, long offset, long length, String version) throws IOException {
        BlobRange range = length > Long.MAX_VALUE - offset ? new BlobRange(offset) : new BlobRange(offset, length);
        return requests.make(() -> {
            try {
                BlobDownloadAsyncResponse response = downloads
                        .getBlobAsyncClient(key)
                        .downloadStreamWithResponse(
                                range,
                                new DownloadRetryOptions().setMaxRetryRequests(0),
                                new BlobRequestConditions().setIfMatch(version),
                                false)
                        .block(timeout);
                Stream<ByteBuffer> buffers = response.getValue().toStream(BUFFERS_AHEAD);
                return new Download(
                        new BufferStream(buffers.iterator()),
                        response.getDeserializedHeaders().getContentLength(),
                        response.getDeserializedHeaders().getETag(),
                        buffers::close);
            } catch (BlobStorageException e) {
                if (BlobErrorCode.BLOB_NOT_FOUND.equals(e.getErrorCode())) {
                    throw new UncheckedIOException(new NoSuchFileException("an object of the storage space"));
                }
                if (e.getStatusCode() == RANGE_NOT_SATISFIABLE) {
                    return new Download(InputStream.nullInputStream(), 0, null, () -> {});
                }
                throw e;
            }
        });
    }

    /** The bytes of buffers, one after the other. */
    private static final class BufferStream extends InputStream {
        private final Iterator<ByteBuffer> buffers;
        private ByteBuffer current = ByteBuffer.allocate(0);

        BufferStream(Iterator<ByteBuffer> buffers) {
            this.buffers = buffers;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            while (!current.hasRemaining()) {
                if (!buffers.hasNext()) {
                    return -1;
                }
                current = buffers.next();
            }
            int n = Math.min(length, current.remaining());
            current.get(bytes, offset, n);
            return n;
        }
    }

    @Override
    public long length(String key) throws IOException {
        return requests.make(() -> {
            try {
                return blob(key)
                        .getPropertiesWithResponse(null, timeout, Context.NONE)
                        .getValue()
                        .getBlobSize();
            } catch (BlobStorageException e) {
                return missing(e, -1L);
            }
        });
    }

    @Override
    public void delete(String key) throws IOException {
        requests.make(() -> remove(key, timeout));
    }

    @Override
    public void undo(String key) throws IOException {
        requests.makeOnce(() -> remove(key, TO_CLEAN_UP));
    }

    private Void remove(String key, Duration within) {
        try {
            blob(key).deleteWithResponse(DeleteSnapshotsOptionType.INCLUDE, null, within, Context.NONE);
            return null;
        } catch (BlobStorageException e) {
            return missing(e, null);
        }
    }

    /** What it means that there is no such blob; no container is another thing. */
    private static <T> T missing(BlobStorageException problem, T result) {
        if (BlobErrorCode.BLOB_NOT_FOUND.equals(problem.getErrorCode())) {
            return result;
        }
        throw problem;
    }

    @Override
    public Stream<String> list(String prefix, FileTime before) {
        Iterable<PagedResponse<BlobItem>> pages = () -> new Pages(prefix);
        return StreamSupport.stream(pages.spliterator(), false)
                .flatMap(page -> page.getValue().stream())
                .filter(blob ->
                        blob.getProperties().getLastModified().toInstant().isBefore(before.toInstant()))
                .map(BlobItem::getName);
    }

    private final class Pages implements Iterator<PagedResponse<BlobItem>> {
        private final ListBlobsOptions options;
        private PagedResponse<BlobItem> last;

        Pages(String prefix) {
            options = new ListBlobsOptions().setPrefix(prefix);
        }

        @Override
        public boolean hasNext() {
            return last == null || last.getContinuationToken() != null;
        }

        @Override
        public PagedResponse<BlobItem> next() {
            String token = last == null ? null : last.getContinuationToken();
            try {
                last = requests.make(() -> container
                        .listBlobs(options, token, timeout)
                        .iterableByPage()
                        .iterator()
                        .next());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return last;
        }
    }

    @Override
    public void removeUnfinished(String prefix, FileTime before) {
        // Azure removes blocks that are not committed within a week
    }

    @Override
    public void check(String key) throws IOException {
        begin(key).add(new byte[1], 1);
    }

    @Override
    public void close() {
        // its clients have nothing to be closed
    }
}
