package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

import org.imagingingestion.dicom.service.UnavailableException;

import com.azure.storage.blob.models.BlobStorageException;

/**
 * Makes requests of the Azure client, again where it may go well then. The client's own way to do so has no random pauses. Its
 * failures become ones without its texts, which name objects.
 */
final class AzureRequests {
    private static final int FIRST_PAUSE = 200;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final int attempts;

    /** @param attempts how often a request is made */
    AzureRequests(int attempts) {
        this.attempts = attempts;
    }

    /** Makes a request that can be made again. @throws IOException where it fails, or an {@link UncheckedIOException} says so */
    <T> T make(Supplier<T> request) throws IOException {
        return make(request, attempts);
    }

    <T> T makeOnce(Supplier<T> request) throws IOException {
        return make(request, 1);
    }

    private static <T> T make(Supplier<T> request, int attempts) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return request.get();
            } catch (UncheckedIOException e) {
                if (e.getCause() instanceof NoSuchFileException missing) {
                    throw missing;
                }
                pauseOrFail(e, attempt < attempts, attempt);
            } catch (RuntimeException e) {
                pauseOrFail(e, attempt < attempts && isPassing(e), attempt);
            }
        }
    }

    private static boolean isPassing(RuntimeException e) {
        if (e instanceof BlobStorageException answer) {
            int status = answer.getStatusCode();
            return status >= SERVER_ERROR || status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS;
        }
        return !Thread.currentThread().isInterrupted();
    }

    private static void pauseOrFail(RuntimeException e, boolean again, int attempt) throws IOException {
        if (!again) {
            throw failure(e);
        }
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(FIRST_PAUSE << attempt));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while Azure was asked");
        }
    }

    private static IOException failure(RuntimeException e) {
        if (e instanceof BlobStorageException answer) {
            return new UnavailableException("Azure answers " + answer.getStatusCode() + " " + answer.getErrorCode());
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new UnavailableException(
                "Azure cannot be asked: " + root.getClass().getSimpleName());
    }
}
