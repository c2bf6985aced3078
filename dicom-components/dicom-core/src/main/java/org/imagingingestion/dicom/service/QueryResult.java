package org.imagingingestion.dicom.service;

import java.util.List;

/**
 * The matches of a {@link Query}, in a stable order.
 *
 * @param matches each one data set in the DICOM JSON model, UTF-8; the byte {@link #BASE_URL} stands for the address of the
 *     service, with no slash at its end
 * @param more whether there are more after these
 */
public record QueryResult(List<byte[]> matches, boolean more) {
    /** Stands for the address of the service in prepared JSON; it cannot stand in JSON otherwise. */
    public static final byte BASE_URL = 1;
}
