package org.imagingingestion.camel.storage;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

import org.apache.camel.CamelExecutionException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.ParseLimits;
import org.imagingingestion.dicom.service.InstanceBody;
import org.imagingingestion.dicom.service.RetrievalResult;
import org.imagingingestion.dicom.service.ServiceHeaders;
import org.imagingingestion.dicom.service.StoredInstance;
import org.imagingingestion.tests.servers.AzureServer;
import org.imagingingestion.tests.servers.S3Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Several storage spaces in one process, each found by its options. */
class DicomStorageComponentIT extends CamelTestSupport {
    private final String prefix = UUID.randomUUID().toString();

    @Override
    protected RouteBuilder createRouteBuilder() throws Exception {
        String s3 = "dicom-storage:s3?uriEndpointOverride=http://127.0.0.1:"
                + S3Server.shared().port()
                + "&forcePathStyle=true&accessKey=key&secretKey=RAW(se/cr+et=&?#)&attempts=1";
        String azure = "dicom-storage:azure?accountName=" + AzureServer.ACCOUNT + "&accessKey=RAW(" + AzureServer.KEY
                + ")&connectionString="
                + AzureServer.address(AzureServer.shared().port());
        return new RouteBuilder() {
            @Override
            public void configure() {
                route("one", s3 + "&bucketNameOrArn=" + S3Server.BUCKET + "&prefix=" + prefix + "/one/");
                route("other", s3 + "&bucketNameOrArn=" + S3Server.BUCKET + "&prefix=" + prefix + "/other/");
                route("azure", azure + "&containerName=" + AzureServer.CONTAINER + "&prefix=" + prefix + "/");
                route("gone", s3 + "&bucketNameOrArn=gone");
            }

            private void route(String name, String uri) {
                for (String operation : List.of("store", "open", "list", "delete", "sweep", "read")) {
                    from("direct:" + name + "-" + operation).to(uri + "&operation=" + operation + "&minimumAge=0");
                }
            }
        };
    }

    private StoredInstance store(String space, byte[] file) throws Exception {
        try (InstanceBody body = InstanceBody.receive(new ByteArrayInputStream(file), ParseLimits.STREAMING)) {
            return template.requestBody("direct:" + space + "-store", body, StoredInstance.class);
        }
    }

    @Test
    void keepsStorageSpacesApart() throws Exception {
        byte[] file = FileStorageSpaceTest.file("1.2.3", 1000);

        String name = store("one", file).objectName();

        assertThat(names("one")).containsExactly(name);
        assertThat(names("other")).isEmpty();
        assertThat(names("azure")).isEmpty();
        DicomStorageComponent component = context.getComponent("dicom-storage", DicomStorageComponent.class);
        assertThat(component.spaces()).hasSize(4);
    }

    @Test
    void saysWhoSentWhatItStored() throws Exception {
        byte[] file = FileStorageSpaceTest.file("1.2.4", 1000);
        try (InstanceBody body = InstanceBody.receive(new ByteArrayInputStream(file), ParseLimits.STREAMING)) {
            StoredInstance stored = template.requestBodyAndHeader(
                    "direct:one-store", body, ServiceHeaders.CALLING_AE_TITLE, "CT01", StoredInstance.class);
            assertThat(stored.receivedFrom()).isEqualTo("CT01");
        }
        assertThat(store("one", file).receivedFrom()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "azure"})
    void doesAllThatAFolderDoes(String space) throws Exception {
        byte[] file = FileStorageSpaceTest.file("1.2.3", 1000);
        String name = store(space, file).objectName();

        RetrievalResult opened = template.requestBody(
                "direct:" + space + "-open",
                new RetrievalResult("1", List.of(), List.of(), null),
                RetrievalResult.class);
        try (InputStream in = opened.objects().open(name, 0, file.length)) {
            assertThat(in.readAllBytes()).isEqualTo(file);
        }
        assertThat(template.requestBody("direct:" + space + "-read", name, StoredInstance.class)
                        .length())
                .isEqualTo(file.length);
        template.requestBody("direct:" + space + "-delete", name);
        assertThat(names(space)).isEmpty();
        template.requestBody("direct:" + space + "-sweep", "");
    }

    @Test
    void isOutOfResourcesWhereTheBucketIsGone() {
        assertThatThrownBy(() -> store("gone", FileStorageSpaceTest.file("1.2.3.77", 1000)))
                .isInstanceOf(CamelExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(DicomException.class, problem -> {
                    assertThat(problem.status()).isEqualTo(DicomStatus.OUT_OF_RESOURCES);
                    assertThat(problem)
                            .hasMessageStartingWith("The storage space cannot store: S3 answers 404 NoSuchBucket")
                            .hasMessageNotContaining("1.2.3.77");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dicom-storage:tape",
                "dicom-storage:file",
                "dicom-storage:s3?region=x",
                "dicom-storage:azure?accountName=x",
                "dicom-storage:azure?containerName=x"
            })
    void saysWhatItIsNotTold(String uri) {
        assertThatThrownBy(() -> context.getEndpoint(uri).createProducer())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("storage space");
    }

    private List<Object> names(String space) {
        List<Object> all = new ArrayList<>();
        template.requestBody("direct:" + space + "-list", "", Iterator.class)
                .forEachRemaining(names -> all.addAll((List<?>) names));
        return all;
    }
}
