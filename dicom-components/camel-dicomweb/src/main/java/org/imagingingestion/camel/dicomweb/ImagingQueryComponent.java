package org.imagingingestion.camel.dicomweb;

import org.apache.camel.spi.annotations.Component;

/** Makes the endpoints of the query service. */
@Component("imaging-query")
public class ImagingQueryComponent extends DicomwebComponent {
    @Override
    DicomwebEndpoint newEndpoint(String uri, String address) {
        return new ImagingQueryEndpoint(uri, this, address);
    }
}
