package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.PushbackInputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.NativeXml;
import org.imagingingestion.dicom.Tag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a Store Instances Response, instance by instance (PS3.18 §10.5.3, Annex I). */
final class StoreAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(StoreAnswer.class);
    private static final int MOST_BYTES = 64 << 20;

    private final int httpStatus;
    private final Map<String, DataSet> stored = new HashMap<>();
    private final Map<String, DataSet> failed = new HashMap<>();
    private int otherReason;

    private StoreAnswer(int httpStatus) {
        this.httpStatus = httpStatus;
    }

    /** Reads an answer, which may have no such response in it. */
    static StoreAnswer of(Answer answer) {
        StoreAnswer read = new StoreAnswer(answer.status());
        DataSet response = null;
        try {
            response = dataSet(answer);
        } catch (IOException | DicomException e) {
            LOG.debug(
                    "An answer has no Store Instances Response that can be read: {}",
                    e.getClass().getName());
        }
        if (response != null) {
            index(response.items(Tag.ReferencedSOPSequence), read.stored);
            index(response.items(Tag.FailedSOPSequence), read.failed);
            for (DataSet item : response.items(Tag.OtherFailuresSequence)) {
                read.otherReason = item.integer(Tag.FailureReason, read.otherReason);
            }
        }
        return read;
    }

    private static DataSet dataSet(Answer answer) throws IOException, DicomException {
        MediaType type = answer.contentType();
        if (type != null && !type.type().endsWith("json") && !type.type().endsWith("xml")) {
            return null;
        }
        PushbackInputStream in = new PushbackInputStream(new BoundedStream(answer.body(), MOST_BYTES));
        int first = in.read();
        if (first < 0) {
            return null;
        }
        in.unread(first);
        // some servers put the one data set in an array
        return first == '<' ? NativeXml.read(in) : DicomJson.reader(in).next();
    }

    private static void index(List<DataSet> items, Map<String, DataSet> byUid) {
        for (DataSet item : items) {
            String uid = item.string(Tag.ReferencedSOPInstanceUID);
            if (uid != null) {
                byUid.put(uid, item);
            }
        }
    }

    /** Whether it speaks for the instances: it tells of one, or its status alone says that all are stored, or none. */
    boolean isAboutInstances() {
        return !stored.isEmpty()
                || !failed.isEmpty()
                || otherReason != 0
                || httpStatus == 409
                || httpStatus >= 200 && httpStatus < 300;
    }

    /** Tells instances what became of them. */
    void apply(List<OutgoingInstance> sent) {
        for (OutgoingInstance instance : sent) {
            if (instance.result() == null) {
                apply(instance);
            }
        }
    }

    private void apply(OutgoingInstance instance) {
        DataSet item = stored.get(instance.sopInstanceUID());
        DataSet failure = failed.get(instance.sopInstanceUID());
        if (failure != null) {
            instance.failed(failure.integer(Tag.FailureReason, DicomStatus.PROCESSING_FAILURE.code()));
        } else if (item != null) {
            instance.stored(item.integer(Tag.WarningReason, 0), item.string(Tag.RetrieveURL));
        } else if (httpStatus >= 200 && httpStatus < 300 && httpStatus != 202) {
            instance.stored(0, null);
        } else if (otherReason != 0) {
            instance.failed(otherReason);
        } else {
            instance.failed(
                    (httpStatus == 202 ? DicomStatus.PROCESSING_FAILURE : DicomStatus.ofHttp(httpStatus)).code());
        }
    }
}
