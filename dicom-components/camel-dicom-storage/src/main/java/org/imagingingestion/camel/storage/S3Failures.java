package org.imagingingestion.camel.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

import org.imagingingestion.dicom.service.UnavailableException;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/** What failures of the S3 client mean, without their texts, which may name objects. */
final class S3Failures {
    private S3Failures() {}

    /** Makes a request. @throws IOException where it fails, or an {@link UncheckedIOException} says that it does */
    static <T> T translate(Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (AbortedException e) {
            throw new InterruptedIOException("Interrupted while S3 was asked");
        } catch (AwsServiceException e) {
            String code =
                    e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
            throw new UnavailableException("S3 answers " + e.statusCode() + (code == null ? "" : " " + code)
                    + (e.requestId() == null ? "" : ", request " + e.requestId()));
        } catch (SdkServiceException e) {
            throw new UnavailableException("S3 answers " + e.statusCode());
        } catch (SdkException e) {
            throw new UnavailableException("S3 cannot be asked: " + reason(e));
        }
    }

    private static String reason(SdkException e) {
        if (e.getMessage() != null && e.getMessage().startsWith("Unable to load credentials")) {
            return "there are no credentials";
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName();
    }
}
