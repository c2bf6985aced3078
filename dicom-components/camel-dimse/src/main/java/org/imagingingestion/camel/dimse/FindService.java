package org.imagingingestion.camel.dimse;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;

import org.imagingingestion.dicom.DataSet;
import org.imagingingestion.dicom.DicomException;
import org.imagingingestion.dicom.DicomStatus;
import org.imagingingestion.dicom.net.Association;
import org.imagingingestion.dicom.net.Command;
import org.imagingingestion.dicom.net.DimseStatus;
import org.imagingingestion.dicom.net.Message;
import org.imagingingestion.dicom.service.Query;
import org.imagingingestion.dicom.service.QueryResult;

/** Answers searches: the SCP of the Query Service Class (PS3.4 §C.4.1, PS3.7 §9.1.2). */
final class FindService implements DimseConsumer.Service {
    private final DimseConsumer consumer;
    private final DimseConfiguration options;

    FindService(DimseConsumer consumer) {
        this.consumer = consumer;
        options = consumer.getEndpoint().getConfiguration();
    }

    @Override
    public void answer(Association association, Message request) throws IOException, DicomException {
        String sopClassUID = request.context().abstractSyntax();
        try {
            Identifier identifier = Identifier.of(request.readDataSet(), sopClassUID, options.isRelationalQueries());
            Query query = identifier.query(
                    consumer.provider(association),
                    options.isFuzzyMatching() || ServedAE.isFuzzy(association.accept(), sopClassUID),
                    options.getPageSize());
            search(association, request, query, new Matches(identifier, consumer.aeTitle()));
        } catch (DicomException e) {
            // what the search does not understand is the identifier (PS3.4 Table C.4-1)
            throw e.status() == DicomStatus.INVALID_ARGUMENT_VALUE
                    ? new DicomException(DicomStatus.DATA_SET_DOES_NOT_MATCH_SOP_CLASS, e.getMessage(), e)
                    : e;
        }
    }

    private void search(Association association, Message request, Query query, Matches matches)
            throws IOException, DicomException {
        Query[] page = {query};
        while (page[0] != null) {
            consumer.route(association, request, page[0], Object.class, result -> {
                boolean isDone = answer(association, request, result, matches);
                int given = result instanceof QueryResult part && part.more()
                        ? part.matches().size()
                        : 0;
                boolean more = given > 0;
                association.flush();
                page[0] = isDone && more ? next(page[0], given) : null;
                if (!isDone) {
                    association.respond(request, DimseStatus.CANCEL);
                } else if (!more) {
                    association.respond(request, DimseStatus.SUCCESS);
                }
            });
        }
    }

    /** Sends matches. @return {@code false} where the peer has cancelled the search */
    private static boolean answer(Association association, Message request, Object result, Matches matches)
            throws IOException, DicomException {
        Iterator<?> found = iterator(result);
        try {
            while (found.hasNext()) {
                if (association.isCancelled(request)) {
                    return false;
                }
                answer(association, request, matches.answer(found.next()), result instanceof QueryResult);
            }
            return true;
        } finally {
            close(found);
        }
    }

    private static void answer(Association association, Message request, DataSet match, boolean nextComesAtOnce)
            throws IOException {
        Command response = request.command().response(DimseStatus.PENDING);
        if (nextComesAtOnce) {
            association.respondWithMore(request, response, match);
        } else {
            association.respond(request, response, match);
        }
    }

    private static Iterator<?> iterator(Object result) throws DicomException {
        if (result instanceof QueryResult found) {
            return found.matches().iterator();
        }
        if (result instanceof Iterator<?> iterator) {
            return iterator;
        }
        if (result instanceof Iterable<?> iterable) {
            return iterable.iterator();
        }
        throw new DicomException(DicomStatus.PROCESSING_FAILURE, "The search gave no matches that can be read");
    }

    private static void close(Iterator<?> found) throws IOException, DicomException {
        if (found instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (IOException | DicomException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }

    /** @param given matches, which may be fewer than its limit */
    private static Query next(Query page, int given) {
        return new Query(
                page.provider(),
                page.level(),
                page.keys(),
                List.copyOf(page.includeFields()),
                page.includeAll(),
                page.fuzzyMatching(),
                page.limit(),
                page.offset() + given);
    }
}
