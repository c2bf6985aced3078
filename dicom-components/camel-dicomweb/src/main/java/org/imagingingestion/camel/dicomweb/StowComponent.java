package org.imagingingestion.camel.dicomweb;

import org.apache.camel.spi.annotations.Component;

/** Makes the endpoints of STOW-RS. */
@Component("stow")
public class StowComponent extends DicomwebComponent {
    @Override
    DicomwebEndpoint newEndpoint(String uri, String address) {
        return new StowEndpoint(uri, this, address);
    }
}
