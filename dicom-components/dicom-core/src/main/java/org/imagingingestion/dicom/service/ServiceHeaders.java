package org.imagingingestion.dicom.service;

/** Headers that components give each other. */
public final class ServiceHeaders {
    /** The storage space and tenant that an instance is for, in place of the one that the option of an endpoint names. */
    public static final String PROVIDER = "CamelDicomProvider";

    private ServiceHeaders() {}
}
