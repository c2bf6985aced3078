package org.imagingingestion.camel.manifest;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The tenants that something has to do with.
 *
 * @param names none for all of them
 */
record Providers(Set<String> names) {
    private static final String ALL = "*";

    Providers {
        names = Set.copyOf(names);
    }

    /**
     * @param option names with commas between, {@code *} for all
     * @throws IllegalArgumentException where it names none
     */
    static Providers of(String option) {
        if (option.strip().equals(ALL)) {
            return new Providers(Set.of());
        }
        Set<String> names = new LinkedHashSet<>(
                Arrays.stream(option.split(",")).map(String::strip).toList());
        names.remove("");
        if (names.isEmpty() || names.contains(ALL)) {
            throw new IllegalArgumentException("providers are to be * for all, or names with commas between");
        }
        return new Providers(names);
    }

    /** Whether an event of a partition key, a provider and a study with a slash between, is that of one of them. */
    boolean haveEventOf(String partitionKey) {
        return names.isEmpty() || names.contains(partitionKey.substring(0, Math.max(0, partitionKey.lastIndexOf('/'))));
    }

    /** As the database has them: {@code null} for all. */
    String text() {
        return names.isEmpty() ? null : String.join(",", names.stream().sorted().toList());
    }
}
