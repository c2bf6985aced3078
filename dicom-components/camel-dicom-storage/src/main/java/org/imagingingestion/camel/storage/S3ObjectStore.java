package org.imagingingestion.camel.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.imagingingestion.dicom.service.UnavailableException;

import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Objects of an S3 bucket. Long ones are multipart uploads. The SHA-256 of each request's bytes goes with it for the service to
 * check, where it does.
 */
final class S3ObjectStore implements ObjectStore {
    private static final String CONTENT_TYPE = "application/dicom";
    private static final int MOST_PARTS = 10_000;
    private static final int NOT_FOUND = 404;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final S3Client client;
    private final S3Client patient;
    private final String bucket;
    private final ServerSideEncryption encryption;
    private final String kmsKeyId;
    private final AwsRequestOverrideConfiguration cleaningUp = AwsRequestOverrideConfiguration.builder()
            .apiCallTimeout(TO_CLEAN_UP)
            .build();

    /** @param patient waits longer than client; both are closed with it @param encryption {@code null} for the bucket's own @param kmsKeyId likewise */
    S3ObjectStore(S3Client client, S3Client patient, String bucket, String encryption, String kmsKeyId) {
        this.client = client;
        this.patient = patient;
        this.bucket = bucket;
        this.encryption = ServerSideEncryption.fromValue(encryption);
        this.kmsKeyId = kmsKeyId;
    }

    @Override
    public void put(String key, byte[] bytes, int length) throws IOException {
        S3Failures.translate(() -> client.putObject(
                request -> request.bucket(bucket)
                        .key(key)
                        .contentType(CONTENT_TYPE)
                        .checksumSHA256(sha256(bytes, length))
                        .serverSideEncryption(encryption)
                        .ssekmsKeyId(kmsKeyId),
                body(bytes, length)));
    }

    /** The bytes themselves, as often as the request is made. */
    private static RequestBody body(byte[] bytes, int length) {
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(bytes, 0, length), length, CONTENT_TYPE);
    }

    private static String sha256(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, length);
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Upload begin(String key) throws IOException {
        String id = S3Failures.translate(() -> client.createMultipartUpload(request -> request.bucket(bucket)
                        .key(key)
                        .contentType(CONTENT_TYPE)
                        .checksumAlgorithm(ChecksumAlgorithm.SHA256)
                        .serverSideEncryption(encryption)
                        .ssekmsKeyId(kmsKeyId)))
                .uploadId();
        return new Multipart(key, id);
    }

    private final class Multipart implements Upload {
        private final String key;
        private final String id;
        private final List<CompletedPart> parts = new ArrayList<>();
        private long length;

        Multipart(String key, String id) {
            this.key = key;
            this.id = id;
        }

        @Override
        public void add(byte[] bytes, int length) throws IOException {
            int number = parts.size() + 1;
            if (number > MOST_PARTS) {
                throw new UnavailableException("The object is longer than " + MOST_PARTS + " parts");
            }
            String checksum = sha256(bytes, length);
            String tag = S3Failures.translate(() -> client.uploadPart(
                            request -> request.bucket(bucket)
                                    .key(key)
                                    .uploadId(id)
                                    .partNumber(number)
                                    .checksumSHA256(checksum),
                            body(bytes, length)))
                    .eTag();
            parts.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(tag)
                    .checksumSHA256(checksum)
                    .build());
            this.length += length;
        }

        @Override
        public void complete() throws IOException {
            S3Failures.translate(() -> {
                try {
                    patient.completeMultipartUpload(request -> request.bucket(bucket)
                            .key(key)
                            .uploadId(id)
                            .multipartUpload(upload -> upload.parts(parts)));
                } catch (NoSuchUploadException e) {
                    // it was asked for a second time, as the first answer was lost
                    if (lengthOf(key) != length) {
                        throw e;
                    }
                }
                return null;
            });
        }

        @Override
        public void abort() throws IOException {
            S3ObjectStore.this.abort(key, id);
        }
    }

    private void abort(String key, String id) throws IOException {
        S3Failures.translate(() -> {
            try {
                return client.abortMultipartUpload(
                        request -> request.bucket(bucket).key(key).uploadId(id).overrideConfiguration(cleaningUp));
            } catch (NoSuchUploadException e) {
                return null;
            }
        });
    }

    @Override
    public Download get(String key, long offset, long length, String version) throws IOException {
        String range = "bytes=" + offset + "-" + (length > Long.MAX_VALUE - offset ? "" : offset + length - 1);
        return S3Failures.translate(() -> {
            try {
                ResponseInputStream<GetObjectResponse> stream = client.getObject(
                        request -> request.bucket(bucket).key(key).range(range).ifMatch(version));
                return new Download(
                        stream,
                        stream.response().contentLength(),
                        stream.response().eTag(),
                        stream::abort);
            } catch (NoSuchKeyException e) {
                throw new UncheckedIOException(new NoSuchFileException("an object of the storage space"));
            } catch (S3Exception e) {
                if (e.statusCode() == RANGE_NOT_SATISFIABLE) {
                    return new Download(InputStream.nullInputStream(), 0, null, () -> {});
                }
                throw e;
            }
        });
    }

    @Override
    public long length(String key) throws IOException {
        return S3Failures.translate(() -> lengthOf(key));
    }

    private long lengthOf(String key) {
        try {
            return client.headObject(request -> request.bucket(bucket).key(key)).contentLength();
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                return -1;
            }
            throw e;
        }
    }

    @Override
    public void delete(String key) throws IOException {
        S3Failures.translate(
                () -> client.deleteObject(request -> request.bucket(bucket).key(key)));
    }

    @Override
    public void undo(String key) throws IOException {
        S3Failures.translate(() ->
                client.deleteObject(request -> request.bucket(bucket).key(key).overrideConfiguration(cleaningUp)));
    }

    @Override
    public Stream<String> list(String prefix, FileTime before) {
        Iterator<ListObjectsV2Response> pages = client.listObjectsV2Paginator(
                        request -> request.bucket(bucket).prefix(prefix))
                .iterator();
        Iterable<ListObjectsV2Response> translated = () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return unchecked(pages::hasNext);
            }

            @Override
            public ListObjectsV2Response next() {
                return unchecked(pages::next);
            }
        };
        return StreamSupport.stream(translated.spliterator(), false)
                .flatMap(page -> page.contents().stream())
                .filter(object -> object.lastModified().isBefore(before.toInstant()))
                .map(S3Object::key);
    }

    private static <T> T unchecked(Supplier<T> request) {
        try {
            return S3Failures.translate(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void removeUnfinished(String prefix, FileTime before) throws IOException {
        Iterator<MultipartUpload> uploads = S3Failures.translate(() -> client.listMultipartUploadsPaginator(
                        request -> request.bucket(bucket).prefix(prefix))
                .uploads()
                .iterator());
        while (S3Failures.translate(uploads::hasNext)) {
            MultipartUpload upload = uploads.next();
            if (upload.initiated().isBefore(before.toInstant())) {
                abort(upload.key(), upload.uploadId());
            }
        }
    }

    @Override
    public void check(String key) throws IOException {
        begin(key).abort();
    }

    @Override
    public void close() {
        client.close();
        patient.close();
    }
}
