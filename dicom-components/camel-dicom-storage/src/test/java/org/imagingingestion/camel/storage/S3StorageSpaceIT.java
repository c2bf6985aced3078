package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import org.imagingingestion.tests.servers.S3Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A storage space in an S3 bucket. */
class S3StorageSpaceIT extends ObjectStorageSpaceContract {
    @Override
    int port() throws Exception {
        return S3Server.shared().port();
    }

    @Override
    StorageSpace open(int port, long timeout) throws Exception {
        return ObjectStorageSpaces.s3(configuration(port, timeout));
    }

    private ObjectStoreConfiguration configuration(int port, long timeout) {
        ObjectStoreConfiguration configuration = new ObjectStoreConfiguration();
        configuration.setBucketNameOrArn(S3Server.BUCKET);
        configuration.setUriEndpointOverride("http://127.0.0.1:" + port);
        configuration.setForcePathStyle(true);
        configuration.setAccessKey("key");
        configuration.setSecretKey("secret");
        configuration.setPrefix(prefix);
        configuration.setPartLength(PART);
        configuration.setTimeout(timeout);
        return configuration;
    }

    @Override
    int unfinished() throws Exception {
        try (S3Client client = client()) {
            return client.listMultipartUploads(
                            request -> request.bucket(S3Server.BUCKET).prefix(prefix))
                    .uploads()
                    .size();
        }
    }

    @Test
    void storesNothingWhereThereIsNoBucket() throws Exception {
        ObjectStoreConfiguration configuration = configuration(port(), SOON);
        configuration.setBucketNameOrArn("none");

        try (StorageSpace space = ObjectStorageSpaces.s3(configuration)) {
            assertThat(failure(space, SMALL)).hasMessageStartingWith("S3 answers 404 NoSuchBucket");
            assertThat(failure(space, LARGE)).hasMessageStartingWith("S3 answers 404 NoSuchBucket");
            assertThatThrownBy(() -> space.open("default/1/2/3_4.dcm", 0, 10))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> space.delete("default/1/2/3_4.dcm")).isInstanceOf(IOException.class);
        }
    }

    /** What the server of the test does not say by itself, as it takes any credentials. */
    @ParameterizedTest
    @CsvSource({
        "400, ExpiredToken",
        "403, InvalidAccessKeyId",
        "403, SignatureDoesNotMatch",
        "403, AccessDenied",
        "507, InsufficientStorage"
    })
    void saysWhyItCannotStore(int status, String code) throws Exception {
        link.answer(
                status,
                "application/xml",
                "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>1.2.3.77</Message></Error>");

        assertThat(failure(SMALL)).hasMessageStartingWith("S3 answers " + status + " " + code);
        assertThat(failure(LARGE)).hasMessageStartingWith("S3 answers " + status + " " + code);
        assertNothingIsThere();
    }

    @Test
    void abortsUploadsThatNeverEnded() throws Exception {
        try (S3Client client = client()) {
            for (String key : List.of(prefix + "default/1/2/3_4.dcm", prefix + "5", "other" + prefix)) {
                client.createMultipartUpload(
                        request -> request.bucket(S3Server.BUCKET).key(key));
            }
            long now = System.currentTimeMillis();

            space.removeUnfinished(FileTime.fromMillis(now - 60_000));
            assertThat(unfinished()).isEqualTo(2);

            space.removeUnfinished(FileTime.fromMillis(now + 60_000));
            assertThat(unfinished()).isZero();
            assertThat(client.listMultipartUploads(
                                    request -> request.bucket(S3Server.BUCKET).prefix("other" + prefix))
                            .uploads())
                    .hasSize(1);
        }
    }

    @Test
    void hasTheBucketEncryptWhatItKeeps() throws Exception {
        ObjectStoreConfiguration configuration = configuration(port(), SOON);
        configuration.setServerSideEncryption("aws:kms");
        configuration.setAwsKMSKeyId(S3Server.KMS_KEY);

        try (StorageSpace encrypting = ObjectStorageSpaces.s3(configuration);
                S3Client client = client()) {
            String name = store(encrypting, file("1.2.3", SMALL)).objectName();

            HeadObjectResponse object =
                    client.headObject(request -> request.bucket(S3Server.BUCKET).key(prefix + name));
            assertThat(object.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
            assertThat(object.ssekmsKeyId()).isEqualTo(S3Server.KMS_KEY);
        }
        configuration.setAwsKMSKeyId("another");
        try (StorageSpace encrypting = ObjectStorageSpaces.s3(configuration)) {
            assertThat(failure(encrypting, SMALL)).hasMessage("S3 answers 400 KMS.NotFoundException");
            assertThat(failure(encrypting, LARGE)).hasMessage("S3 answers 400 KMS.NotFoundException");
        }
    }

    @Test
    void trustsTheCertificateThatItIsTold(@TempDir Path folder) throws Exception {
        ObjectStoreConfiguration configuration = configuration(port(), SOON);
        configuration.setUriEndpointOverride("localhost:" + S3Server.shared().tlsPort());
        try (StorageSpace space = ObjectStorageSpaces.s3(configuration)) {
            assertThat(failure(space, SMALL)).hasMessageStartingWith("S3 cannot be asked: ");
        }

        Path certificates = folder.resolve("certificates.pem");
        Files.writeString(certificates, certificateOf(S3Server.shared().tlsPort()));
        configuration.setTrustedCertificates(certificates.toString());
        try (StorageSpace space = ObjectStorageSpaces.s3(configuration)) {
            byte[] file = file("1.2.3", SMALL);
            assertThat(read(store(space, file).objectName())).isEqualTo(file);
        }
    }

    private static String certificateOf(int port) throws Exception {
        TrustManager all = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String authType) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType) {
                // whatever it is, it is asked for
            }

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {all}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port)) {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder()
                            .encodeToString(
                                    socket.getSession().getPeerCertificates()[0].getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        }
    }

    private S3Client client() throws Exception {
        return S3Client.builder()
                .endpointOverride(URI.create("http://127.0.0.1:" + port()))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .build();
    }
}
