package org.imagingingestion.camel.manifest;

import java.sql.SQLException;

import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a failure of the database means. PostgreSQL's messages quote values, which are patients' data, so that of a failure
 * only its SQLSTATE and the name of the constraint are told.
 */
final class SqlFailures {
    /** The driver's own word for what it did not foresee while it connected; no server says so. */
    private static final String DRIVER_FAILED = "99999";

    private static final String READ_ONLY = "25006";

    private SqlFailures() {}

    /** As a protocol answers it: OUT_OF_RESOURCES where it may go well later, PROCESSING_FAILURE else. */
    static DicomException toDicom(String what, SQLException failure) {
        return isTemporary(failure) || isConflict(failure)
                ? new DicomException(
                        DicomStatus.OUT_OF_RESOURCES,
                        what + ": the manifest's database does not answer" + describe(failure))
                : new DicomException(
                        DicomStatus.PROCESSING_FAILURE,
                        what + ": the manifest's database refused it" + describe(failure));
    }

    /** SQLSTATE and constraint, without values. */
    static String describe(SQLException failure) {
        String state = failure.getSQLState();
        ServerErrorMessage server = failure instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        String constraint = server == null ? null : server.getConstraint();
        return (state == null ? "" : " (SQLSTATE " + state)
                + (constraint == null ? "" : ", " + constraint)
                + (state == null ? "" : ")");
    }

    /** Whether transactions got in each other's way, and the same one may go well at once. */
    static boolean isConflict(SQLException failure) {
        String state = state(failure);
        // serialization failure, deadlock, lock not available, and a row that went away or came while we looked
        return state.equals("40001")
                || state.equals("40P01")
                || state.equals("55P03")
                || state.equals("23503")
                || state.equals("23505");
    }

    /**
     * Whether the database is away, full, stopping, too slow, cannot use its disk, or is a replica that takes nothing. A failure
     * without SQLSTATE is one of the pool.
     */
    static boolean isTemporary(SQLException failure) {
        String state = state(failure);
        return state.isEmpty()
                || state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57")
                || state.startsWith("58")
                || state.equals(READ_ONLY)
                || state.equals(DRIVER_FAILED);
    }

    /** Whether the connection was broken before or while it was used, and another one may do. */
    static boolean isBrokenConnection(SQLException failure) {
        String state = state(failure);
        return state.equals("08003") || state.equals("08006") || state.equals("57P01");
    }

    private static String state(SQLException failure) {
        return failure.getSQLState() == null ? "" : failure.getSQLState();
    }
}
