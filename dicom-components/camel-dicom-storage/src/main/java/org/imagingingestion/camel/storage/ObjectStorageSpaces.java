package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.time.Duration;

import software.amazon.awssdk.services.s3.S3Client;

/** Opens storage spaces in object stores. A class of its own, so that files need none of their clients. */
final class ObjectStorageSpaces {
    /** S3 takes no shorter parts but the last one. */
    private static final int LEAST_PART = 5 << 20;

    /** What a service may take to make one object of many parts. */
    private static final Duration TO_MAKE_ONE = Duration.ofMinutes(2);

    private ObjectStorageSpaces() {}

    static StorageSpace s3(ObjectStoreConfiguration configuration) throws IOException {
        String bucket = DicomStorageComponent.required("bucketNameOrArn", configuration.getBucketNameOrArn());
        Duration timeout = Duration.ofMillis(configuration.getTimeout());
        S3Client client = S3Clients.create(configuration, timeout);
        S3Client patient = S3Clients.create(configuration, timeout.plus(TO_MAKE_ONE));
        String encryption = configuration.getServerSideEncryption();
        return space(
                new S3ObjectStore(client, patient, bucket, encryption, configuration.getAwsKMSKeyId()), configuration);
    }

    static StorageSpace azure(ObjectStoreConfiguration configuration) throws IOException {
        return space(AzureClients.create(configuration), configuration);
    }

    private static StorageSpace space(ObjectStore store, ObjectStoreConfiguration configuration) {
        String prefix = configuration.getPrefix();
        return new ObjectStorageSpace(
                store, prefix == null ? "" : prefix, Math.max(LEAST_PART, configuration.getPartLength()));
    }
}
