package org.imagingingestion.runtime;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;

/** Why the application cannot start, in one line for whoever started it. */
class StartupException extends Exception {
    /** What the file system's exceptions mean by their class alone. */
    private static final Map<Class<?>, String> REASONS = Map.of(
            AccessDeniedException.class, "access denied",
            FileAlreadyExistsException.class, "it is a file",
            NoSuchFileException.class, "no such file or folder");

    StartupException(String message) {
        super(message);
    }

    StartupException(String message, Throwable cause) {
        super(message + ": " + reason(cause), cause);
    }

    /** What a failure says, in one line. */
    static String reason(Throwable cause) {
        String reason = cause instanceof FileSystemException file && file.getReason() == null
                ? REASONS.get(cause.getClass())
                : cause instanceof FileSystemException file ? file.getReason() : cause.getMessage();
        return reason == null || reason.isBlank()
                ? cause.getClass().getSimpleName()
                : reason.strip().lines().findFirst().orElseThrow();
    }
}
