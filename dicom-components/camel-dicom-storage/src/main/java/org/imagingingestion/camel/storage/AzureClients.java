package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;

/** Makes the clients of Azure. */
final class AzureClients {
    private static final Duration TO_CONNECT = Duration.ofSeconds(10);
    /** Each request has a shorter time of its own. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private AzureClients() {}

    static AzureObjectStore create(ObjectStoreConfiguration configuration) throws IOException {
        BlobContainerClientBuilder builder = new BlobContainerClientBuilder()
                .httpClient(http(configuration))
                .retryOptions(
                        new RequestRetryOptions(RetryPolicyType.FIXED, 1, (int) LONGEST.toSeconds(), null, null, null))
                .containerName(DicomStorageComponent.required("containerName", configuration.getContainerName()));
        String address = configuration.getConnectionString();
        if (address != null && !address.startsWith("http")) {
            builder.connectionString(address);
        } else {
            builder.endpoint(address != null ? address : addressOf(configuration.getAccountName()));
            logOn(builder, configuration, address);
        }
        return new AzureObjectStore(
                builder.buildClient(),
                builder.buildAsyncClient(),
                Duration.ofMillis(configuration.getTimeout()),
                configuration.getAttempts());
    }

    private static String addressOf(String account) {
        return "https://" + DicomStorageComponent.required("accountName", account) + ".blob.core.windows.net";
    }

    private static void logOn(
            BlobContainerClientBuilder builder, ObjectStoreConfiguration configuration, String address) {
        if (configuration.getAccessKey() != null) {
            String account = DicomStorageComponent.required("accountName", configuration.getAccountName());
            builder.credential(new StorageSharedKeyCredential(account, configuration.getAccessKey()));
        } else if (address == null || !address.contains("sig=")) {
            // what a shared access signature allows is said by it
            builder.credential(new DefaultAzureCredentialBuilder().build());
        }
    }

    private static com.azure.core.http.HttpClient http(ObjectStoreConfiguration configuration) throws IOException {
        HttpClient.Builder http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        if (configuration.getTrustedCertificates() != null) {
            http.sslContext(new TrustedCertificates(Path.of(configuration.getTrustedCertificates())).context());
        }
        return new JdkHttpClientBuilder(http)
                .connectionTimeout(TO_CONNECT)
                .responseTimeout(LONGEST)
                .readTimeout(Duration.ofMillis(configuration.getTimeout()))
                .build();
    }
}
