package org.imagingingestion.dicom.service;

/** Level of a query or a retrieval (PS3.4 §C.6.1, PS3.18 §10.6). */
public enum QueryLevel {
    PATIENT,
    STUDY,
    SERIES,
    IMAGE
}
