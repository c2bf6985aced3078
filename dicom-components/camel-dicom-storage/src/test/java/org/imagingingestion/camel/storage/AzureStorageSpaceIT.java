package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.nio.file.NoSuchFileException;

import org.imagingingestion.tests.servers.AzureServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A storage space in an Azure container. */
class AzureStorageSpaceIT extends ObjectStorageSpaceContract {
    @Override
    int port() throws Exception {
        return AzureServer.shared().port();
    }

    @Override
    StorageSpace open(int port, long timeout) throws Exception {
        return ObjectStorageSpaces.azure(configuration(port, timeout));
    }

    private ObjectStoreConfiguration configuration(int port, long timeout) {
        ObjectStoreConfiguration configuration = new ObjectStoreConfiguration();
        configuration.setAccountName(AzureServer.ACCOUNT);
        configuration.setAccessKey(AzureServer.KEY);
        configuration.setContainerName(AzureServer.CONTAINER);
        configuration.setConnectionString(AzureServer.address(port).toString());
        configuration.setPrefix(prefix);
        configuration.setPartLength(PART);
        configuration.setTimeout(timeout);
        return configuration;
    }

    /** Azure tells nobody of blocks that are not committed, and removes them itself. */
    @Override
    int unfinished() {
        return 0;
    }

    @Test
    void isFoundByAConnectionString() throws Exception {
        ObjectStoreConfiguration configuration = configuration(port(), SOON);
        configuration.setConnectionString("DefaultEndpointsProtocol=http;AccountName=" + AzureServer.ACCOUNT
                + ";AccountKey=" + AzureServer.KEY + ";BlobEndpoint=" + AzureServer.address(port()) + ";");
        configuration.setAccountName(null);
        configuration.setAccessKey(null);

        try (StorageSpace space = ObjectStorageSpaces.azure(configuration)) {
            space.check();
        }
    }

    @Test
    void storesNothingWithAnotherKey() throws Exception {
        ObjectStoreConfiguration configuration = configuration(port(), SOON);
        configuration.setAccessKey("AAAA" + AzureServer.KEY.substring(4));

        try (StorageSpace space = ObjectStorageSpaces.azure(configuration)) {
            assertThat(failure(space, SMALL)).hasMessage("Azure answers 403 AuthorizationFailure");
            assertThat(failure(space, LARGE)).hasMessage("Azure answers 403 AuthorizationFailure");
            assertThatThrownBy(space::check).isInstanceOf(IOException.class);
        }
    }

    @Test
    void storesNothingWhereThereIsNoContainer() throws Exception {
        ObjectStoreConfiguration configuration = configuration(port(), SOON);
        configuration.setContainerName("none");

        try (StorageSpace space = ObjectStorageSpaces.azure(configuration)) {
            assertThat(failure(space, SMALL)).hasMessage("Azure answers 404 ContainerNotFound");
            assertThat(failure(space, LARGE)).hasMessage("Azure answers 404 ContainerNotFound");
            assertThatThrownBy(() -> space.open("default/1/2/3_4.dcm", 0, 10))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(NoSuchFileException.class);
            assertThatThrownBy(() -> space.delete("default/1/2/3_4.dcm")).isInstanceOf(IOException.class);
        }
    }
}
