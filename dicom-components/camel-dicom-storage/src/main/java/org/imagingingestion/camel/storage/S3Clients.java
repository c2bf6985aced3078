package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes the clients of S3. */
final class S3Clients {
    private static final Duration TO_CONNECT = Duration.ofSeconds(10);
    /** Retrievals keep one each for as long as they last. */
    private static final int MOST_CONNECTIONS = 1000;

    private S3Clients() {}

    /** @param silence how long the service may say nothing */
    static S3Client create(ObjectStoreConfiguration configuration, Duration silence) throws IOException {
        S3ClientBuilder client = S3Client.builder()
                .httpClientBuilder(http(configuration, silence))
                .credentialsProvider(credentials(configuration))
                .forcePathStyle(configuration.isForcePathStyle())
                // the digests that are sent are ours; servers other than AWS need not know the SDK's own
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(
                        override -> override.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(configuration.getAttempts())
                                .build()));
        if (configuration.getUriEndpointOverride() != null) {
            client.endpointOverride(address(configuration.getUriEndpointOverride()));
        }
        if (configuration.getRegion() != null) {
            client.region(Region.of(configuration.getRegion()));
        } else if (configuration.getUriEndpointOverride() != null) {
            client.region(Region.US_EAST_1);
        }
        return client.build();
    }

    /** A URL as it is; a host and port as https, but for the port of http. */
    static URI address(String text) {
        if (text.contains("://")) {
            return URI.create(text);
        }
        return URI.create((text.endsWith(":80") ? "http://" : "https://") + text);
    }

    private static ApacheHttpClient.Builder http(ObjectStoreConfiguration configuration, Duration silence)
            throws IOException {
        ApacheHttpClient.Builder http = ApacheHttpClient.builder()
                .connectionTimeout(TO_CONNECT)
                .socketTimeout(silence)
                .maxConnections(MOST_CONNECTIONS);
        if (configuration.getTrustedCertificates() != null) {
            TrustedCertificates trusted = new TrustedCertificates(Path.of(configuration.getTrustedCertificates()));
            http.tlsTrustManagersProvider(trusted::trustManagers);
        }
        return http;
    }

    private static AwsCredentialsProvider credentials(ObjectStoreConfiguration configuration) {
        String accessKey = configuration.getAccessKey();
        if (accessKey == null) {
            return DefaultCredentialsProvider.builder().build();
        }
        String token = configuration.getSessionToken();
        AwsCredentials credentials = token == null
                ? AwsBasicCredentials.create(accessKey, configuration.getSecretKey())
                : AwsSessionCredentials.create(accessKey, configuration.getSecretKey(), token);
        return StaticCredentialsProvider.create(credentials);
    }
}
