package org.imagingingestion.dicom.net;

/** The states of an association (PS3.8 §9.2.1, Tables 9-1 to 9-5). */
enum State {
    /** Idle. */
    STA1,
    /** Transport connection open; A-ASSOCIATE-RQ awaited. */
    STA2,
    /** Answer of the local user to an A-ASSOCIATE indication awaited. */
    STA3,
    /** Transport connection being opened. */
    STA4,
    /** A-ASSOCIATE-AC or A-ASSOCIATE-RJ awaited. */
    STA5,
    /** Association established, ready for data transfer. */
    STA6,
    /** A-RELEASE-RP awaited. */
    STA7,
    /** Answer of the local user to an A-RELEASE indication awaited. */
    STA8,
    /** Release collision, requestor's side: answer of the local user awaited. */
    STA9,
    /** Release collision, acceptor's side: A-RELEASE-RP awaited. */
    STA10,
    /** Release collision, requestor's side: A-RELEASE-RP awaited. */
    STA11,
    /** Release collision, acceptor's side: answer of the local user awaited. */
    STA12,
    /** The peer is to close the transport connection. */
    STA13
}
