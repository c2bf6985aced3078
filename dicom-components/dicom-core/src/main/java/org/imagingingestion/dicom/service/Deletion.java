package org.imagingingestion.dicom.service;

/**
 * A deletion of instances.
 *
 * @param provider the tenant whose instances are meant
 * @param studyInstanceUID never {@code null}
 * @param seriesInstanceUID {@code null} for all series
 * @param sopInstanceUID {@code null} for all instances
 */
public record Deletion(String provider, String studyInstanceUID, String seriesInstanceUID, String sopInstanceUID) {}
