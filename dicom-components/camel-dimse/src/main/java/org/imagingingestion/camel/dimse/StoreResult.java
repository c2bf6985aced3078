package org.imagingingestion.camel.dimse;

import org.imagingingestion.dicom.net.DimseStatus;

/** What became of one instance of several that were sent. @param sopInstanceUID {@code null} where it was no instance */
public record StoreResult(String sopInstanceUID, DimseStatus status) {}
