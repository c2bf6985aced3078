package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The shards of a subscription that are this process's, as advisory locks of one connection: they are free again when the
 * process or its connection ends, however that comes about. Each process that is there takes as many as any other.
 */
final class ShardLocks {
    /** {@code manifest.shard} gives numbers below. */
    static final int SHARDS = 16;

    /** First half of the keys; any numbers that no other program uses. */
    private static final int KEY = 0x4556_0000;

    /** Second half of the key that each process which takes part holds together with the others. */
    private static final int MEMBER = SHARDS;

    private static final String HELD =
            """
            SELECT objid::bigint FROM pg_locks
            WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND classid::bigint = ?
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """;

    private final Connection connection;
    private final int key;
    private final Set<Integer> held = new TreeSet<>();

    /** Shards that are given up as soon as nothing of them is being delivered. */
    private final Set<Integer> leaving = new TreeSet<>();

    ShardLocks(Connection connection, int subscription) throws SQLException {
        this.connection = connection;
        key = KEY + subscription;
        call("pg_advisory_lock_shared", MEMBER);
    }

    /** Shards of which deliveries may be begun. */
    Set<Integer> held() {
        return held;
    }

    /**
     * Takes shards that nobody has, or gives up what is more than a fair share.
     *
     * @param busy shards of which something is being delivered
     */
    void balance(Set<Integer> busy) throws SQLException {
        int members = 0;
        Set<Integer> taken = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement(HELD)) {
            select.setLong(1, key);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    int shard = row.getInt(1);
                    if (shard == MEMBER) {
                        members++;
                    } else {
                        taken.add(shard);
                    }
                }
            }
        }
        int share = (SHARDS + members - 1) / Math.max(1, members);
        take(share, taken);
        for (int shard : List.copyOf(held)) {
            if (held.size() > share) {
                held.remove(shard);
                leaving.add(shard);
            }
        }
        leave(busy);
    }

    private void take(int share, Set<Integer> taken) throws SQLException {
        List<Integer> free = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            if (!taken.contains(shard)) {
                free.add(shard);
            }
        }
        Collections.shuffle(free);
        for (int shard : free) {
            if (held.size() < share && call("pg_try_advisory_lock", shard)) {
                held.add(shard);
            }
        }
    }

    private void leave(Set<Integer> busy) throws SQLException {
        for (int shard : List.copyOf(leaving)) {
            if (!busy.contains(shard)) {
                leaving.remove(shard);
                call("pg_advisory_unlock", shard);
            }
        }
    }

    private boolean call(String function, int shard) throws SQLException {
        return call(connection, function, key, shard);
    }

    /** Whether no process takes part, nor will before the end of the transaction. */
    static boolean isNobodys(Connection connection, int subscription) throws SQLException {
        return call(connection, "pg_try_advisory_xact_lock", KEY + subscription, MEMBER);
    }

    private static boolean call(Connection connection, String function, int key, int shard) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT " + function + "(?, ?)::text <> 'false'")) {
            select.setInt(1, key);
            select.setInt(2, shard);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
