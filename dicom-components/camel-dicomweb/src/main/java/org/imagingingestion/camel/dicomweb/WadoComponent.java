package org.imagingingestion.camel.dicomweb;

import org.apache.camel.spi.annotations.Component;

/** Makes the endpoints of WADO-RS. */
@Component("wado")
public class WadoComponent extends DicomwebComponent {
    @Override
    DicomwebEndpoint newEndpoint(String uri, String address) {
        return new WadoEndpoint(uri, this, address);
    }
}
