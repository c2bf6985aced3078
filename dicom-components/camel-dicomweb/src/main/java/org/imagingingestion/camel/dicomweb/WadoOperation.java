package org.imagingingestion.camel.dicomweb;

/** What a consumer of {@code wado:} answers. */
public enum WadoOperation {
    /** GET: the retrieve transaction of DICOMweb. */
    retrieve,
    /** DELETE of a study, a series or an instance, which DICOMweb leaves to each archive. */
    delete
}
