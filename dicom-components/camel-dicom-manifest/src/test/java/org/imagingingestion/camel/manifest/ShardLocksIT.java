package org.imagingingestion.camel.manifest;

import java.sql.Connection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.agroal.api.AgroalDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ShardLocksIT {
    private static final int SUBSCRIPTION = 7;

    private final AgroalDataSource dataSource = TestServer.pool(TestServer.newDatabase(), 5);
    private Connection first;
    private ShardLocks one;

    @BeforeEach
    void create() throws Exception {
        first = dataSource.getConnection();
        one = new ShardLocks(first, SUBSCRIPTION);
        one.balance(Set.of());
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    private ShardLocks another() throws Exception {
        return new ShardLocks(dataSource.getConnection(), SUBSCRIPTION);
    }

    @Test
    void takesAllWhereNobodyElseIs() {
        assertThat(one.held()).hasSize(ShardLocks.SHARDS);
    }

    @Test
    void sharesWithOthersAsMuchAsEach() throws Exception {
        ShardLocks two = another();
        ShardLocks three = another();
        for (int i = 0; i < 2; i++) {
            one.balance(Set.of());
            two.balance(Set.of());
            three.balance(Set.of());
        }

        Set<Integer> all = new TreeSet<>(one.held());
        all.addAll(two.held());
        all.addAll(three.held());
        assertThat(all).hasSize(ShardLocks.SHARDS);
        assertThat(one.held().size() + two.held().size() + three.held().size()).isEqualTo(ShardLocks.SHARDS);
        assertThat(List.of(one.held().size(), two.held().size(), three.held().size()))
                .isSubsetOf(4, 5, 6);
    }

    @Test
    void beginsNothingMoreInWhatItGivesUpAndKeepsItUntilTheRestIsThrough() throws Exception {
        ShardLocks two = another();
        Set<Integer> busy =
                new HashSet<>(IntStream.range(0, ShardLocks.SHARDS).boxed().toList());

        one.balance(busy);
        two.balance(Set.of());
        assertThat(one.held()).hasSize(8);
        assertThat(two.held()).isEmpty();

        one.balance(Set.of());
        two.balance(Set.of());
        assertThat(two.held()).hasSize(8).doesNotContainAnyElementsOf(one.held());
    }

    @Test
    void isFreeWhenItsConnectionEnds() throws Exception {
        ShardLocks two = another();
        assertThat(ShardLocks.isNobodys(dataSource.getConnection(), SUBSCRIPTION))
                .isFalse();
        TestServer.rows(dataSource, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = " + pid(first));

        await().untilAsserted(() -> {
            two.balance(Set.of());
            assertThat(two.held()).hasSize(ShardLocks.SHARDS);
        });
    }

    private static int pid(Connection connection) throws Exception {
        return connection.unwrap(org.postgresql.PGConnection.class).getBackendPID();
    }

    @Test
    void leavesOtherSubscriptionsAlone() throws Exception {
        ShardLocks other = new ShardLocks(dataSource.getConnection(), SUBSCRIPTION + 1);

        other.balance(Set.of());

        assertThat(other.held()).hasSize(ShardLocks.SHARDS);
    }
}
