package org.imagingingestion.camel.dicomweb;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomJson;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.Tag;
import org.imagingingestion.dicom.VR;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryLevel;
import org.imagingingestion.dicom.service.RemoteResults;

/**
 * The matches of a search, page by page and each once, in the order of the server. Where it takes several requests, what one
 * gives is passed over in the others.
 *
 * <p>A server that takes no notice of limit gives everything as its first page; one that takes no notice of offset gives its
 * first page again, and is asked for everything then.
 */
final class Matches extends RemoteResults<DataSet> {
    private final DicomwebClient client;
    private final Query query;
    private final SearchAddresses addresses;
    private final Iterator<String> rest;
    private final int pageSize;
    private final Set<String> seen = new HashSet<>();
    private final Set<String> patients = new HashSet<>();
    private SearchPage page;
    private String address;
    private int offset;
    private int limit;
    private boolean everything;
    private boolean fresh;
    private int failures;
    private int skip;
    private int given;
    private String warning;
    private int httpStatus;

    Matches(DicomwebClient client, Query query, SearchAddresses addresses, int pageSize) throws DicomException {
        this.client = client;
        this.query = query;
        this.addresses = addresses;
        this.pageSize = pageSize;
        List<String> all = addresses.all();
        rest = all.iterator();
        address = rest.next();
        boolean offsetIsTheServers = all.size() == 1 && query.level() != QueryLevel.PATIENT;
        offset = offsetIsTheServers ? query.offset() : 0;
        skip = offsetIsTheServers ? 0 : query.offset();
    }

    /** Warning header of the first page, {@code null} for none. */
    String warning() {
        return warning;
    }

    /** HTTP status of the last answer. */
    int httpStatus() {
        return httpStatus;
    }

    @Override
    protected DataSet read() throws DicomException {
        while (address != null && given < query.limit()) {
            DataSet match = readOrRetry();
            if (match == null) {
                continue;
            }
            DataSet result = complete(match);
            if (seen.add(key(result))) {
                fresh = true;
                if (isWanted(result)) {
                    given++;
                    return query.level() == QueryLevel.PATIENT ? patient(result) : result;
                }
            }
        }
        return null;
    }

    private boolean isWanted(DataSet match) {
        if (query.level() == QueryLevel.PATIENT && !patients.add(patientKey(match))) {
            return false;
        }
        return skip == 0 || skip-- == 0;
    }

    /** @return {@code null} at the end of a page, and where the page is to be asked for once more */
    private DataSet readOrRetry() throws DicomException {
        try {
            if (page == null) {
                open();
            }
            DataSet match = page.next();
            if (match == null) {
                turn();
            }
            return match;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw DicomwebException.unanswered(new InterruptedIOException("The search was interrupted"));
        } catch (IOException e) {
            // what of the page was given is passed over then
            if (failures++ >= client.maximumRetries() || Thread.currentThread().isInterrupted()) {
                throw DicomwebException.unanswered(e);
            }
            close();
            page = null;
            return null;
        }
    }

    private void open() throws IOException, DicomException, InterruptedException {
        String parameters = "";
        if (!everything) {
            int left = query.level() == QueryLevel.PATIENT ? pageSize : query.limit() - given + skip;
            limit = left > 0 ? Math.min(pageSize, left) : pageSize;
            parameters =
                    (address.endsWith("?") ? "" : "&") + "limit=" + limit + (offset > 0 ? "&offset=" + offset : "");
        }
        Answer answer = answer(address + parameters);
        boolean first = httpStatus == 0;
        httpStatus = answer.status();
        if (!answer.isSuccess()) {
            try (answer) {
                throw client.refusal(DicomStatus.ofHttpSearch(httpStatus), answer);
            }
        }
        boolean opened = false;
        try {
            page = new SearchPage(answer);
            opened = true;
        } finally {
            if (!opened) {
                answer.close();
            }
        }
        warning = first ? page.warning() : warning;
    }

    private Answer answer(String whole) throws DicomException, InterruptedException {
        try {
            return client.send(
                    ClientRequest.getDocument(whole.endsWith("?") ? whole.substring(0, whole.length() - 1) : whole));
        } catch (IOException e) {
            throw DicomwebException.unanswered(e);
        }
    }

    /** Goes on behind the end of a page: to the next page, or to what is asked for next. */
    private void turn() {
        int count = page.count();
        boolean saysMore = page.warning() != null && page.warning().contains("299");
        close();
        page = null;
        boolean last = everything || count == 0 || count > limit || count < limit && !saysMore;
        if (!last && fresh) {
            offset += count;
        } else if (!last) {
            everything = true;
        } else {
            address = rest.hasNext() ? rest.next() : null;
            offset = 0;
            everything = false;
        }
        fresh = false;
    }

    /** With the UIDs that are in the path, which a server need not repeat. */
    private DataSet complete(DataSet match) {
        put(match, Tag.StudyInstanceUID, addresses.study());
        put(match, Tag.SeriesInstanceUID, addresses.series());
        return match;
    }

    private static void put(DataSet match, int tag, String uid) {
        if (uid != null && !match.containsValue(tag)) {
            match.setString(tag, VR.UI, uid);
        }
    }

    private static String key(DataSet match) {
        String study = match.string(Tag.StudyInstanceUID, "");
        String series = match.string(Tag.SeriesInstanceUID, "");
        String instance = match.string(Tag.SOPInstanceUID, "");
        if (study.isEmpty() && series.isEmpty() && instance.isEmpty()) {
            return digest(match);
        }
        return study + '/' + series + '/' + instance;
    }

    private static String digest(DataSet dataSet) {
        return EntityTag.digest(
                new String(DicomJson.toBytes(dataSet, DicomJson.BulkDataUri.NONE), StandardCharsets.UTF_8));
    }

    private static String patientKey(DataSet match) {
        String id = match.string(Tag.PatientID, "");
        String issuer = match.string(Tag.IssuerOfPatientID, "");
        return id.isEmpty() ? digest(patient(match)) : id + '\n' + issuer;
    }

    /** What a study has of its patient. */
    private static DataSet patient(DataSet study) {
        DataSet patient = new DataSet();
        study.forEach(element -> {
            if (Tag.group(element.tag()) == 0x0010 || element.tag() == Tag.SpecificCharacterSet) {
                patient.put(element);
            }
        });
        return patient;
    }

    @Override
    public void close() {
        if (page != null) {
            page.close();
        }
    }
}
