package org.imagingingestion.dicom.service;

import java.util.List;

/**
 * A search, by QIDO-RS or by C-FIND. All keys are to match.
 *
 * @param provider the tenant whose instances are searched
 * @param level what is found
 * @param keys what it shall match, of its level and the levels above
 * @param includeFields attributes to return beside those of the level, each a path as in {@link MatchingKey}
 * @param includeAll whether to return all attributes that are known at the level
 * @param fuzzyMatching whether person names match without accents too
 * @param limit most matches to return
 * @param offset matches to pass over, in the order that the search always has
 */
public record Query(
        String provider,
        QueryLevel level,
        List<MatchingKey> keys,
        List<List<Integer>> includeFields,
        boolean includeAll,
        boolean fuzzyMatching,
        int limit,
        int offset) {}
