package org.imagingingestion.dicom.net;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Table 9-10 of PS3.8, cell by cell, the empty ones too. */
class StateTableTest {
    /** Rows Evt1 to Evt19, columns Sta1 to Sta13. */
    private static final String TABLE =
            """
             1  AE-1 -    -    -    -    -    -    -    -    -    -    -    -
             2  -    -    -    AE-2 -    -    -    -    -    -    -    -    -
             3  -    AA-1 AA-8 -    AE-3 AA-8 AA-8 AA-8 AA-8 AA-8 AA-8 AA-8 AA-6
             4  -    AA-1 AA-8 -    AE-4 AA-8 AA-8 AA-8 AA-8 AA-8 AA-8 AA-8 AA-6
             5  AE-5 -    -    -    -    -    -    -    -    -    -    -    -
             6  -    AE-6 AA-8 -    AA-8 AA-8 AA-8 AA-8 AA-8 AA-8 AA-8 AA-8 AA-7
             7  -    -    AE-7 -    -    -    -    -    -    -    -    -    -
             8  -    -    AE-8 -    -    -    -    -    -    -    -    -    -
             9  -    -    -    -    -    DT-1 -    AR-7 -    -    -    -    -
            10  -    AA-1 AA-8 -    AA-8 DT-2 AR-6 AA-8 AA-8 AA-8 AA-8 AA-8 AA-6
            11  -    -    -    -    -    AR-1 -    -    -    -    -    -    -
            12  -    AA-1 AA-8 -    AA-8 AR-2 AR-8 AA-8 AA-8 AA-8 AA-8 AA-8 AA-6
            13  -    AA-1 AA-8 -    AA-8 AA-8 AR-3 AA-8 AA-8 AR-10 AR-3 AA-8 AA-6
            14  -    -    -    -    -    -    -    AR-4 AR-9 -    -    AR-4 -
            15  -    -    AA-1 AA-2 AA-1 AA-1 AA-1 AA-1 AA-1 AA-1 AA-1 AA-1 -
            16  -    AA-2 AA-3 -    AA-3 AA-3 AA-3 AA-3 AA-3 AA-3 AA-3 AA-3 AA-2
            17  -    AA-5 AA-4 AA-4 AA-4 AA-4 AA-4 AA-4 AA-4 AA-4 AA-4 AA-4 AR-5
            18  -    AA-2 -    -    -    -    -    -    -    -    -    -    AA-2
            19  -    AA-1 AA-8 -    AA-8 AA-8 AA-8 AA-8 AA-8 AA-8 AA-8 AA-8 AA-7
            """;

    /** The state after an action, by the tables 9-6 to 9-9 of PS3.8. */
    private static final String NEXT =
            """
            AE-1 4 AE-2 5 AE-3 6 AE-4 1 AE-5 2 AE-6 3 AE-7 6 AE-8 13
            DT-1 6 DT-2 6
            AR-1 7 AR-2 8 AR-3 1 AR-4 13 AR-5 1 AR-6 7 AR-7 8 AR-8 9 AR-9 11 AR-10 12
            AA-1 13 AA-2 1 AA-3 1 AA-4 1 AA-5 1 AA-6 13 AA-7 13 AA-8 13
            """;

    static Stream<Arguments> cells() {
        return TABLE.lines().flatMap(line -> {
            List<String> columns = Arrays.asList(line.strip().split("\\s+"));
            Event event = Event.values()[Integer.parseInt(columns.get(0)) - 1];
            return IntStream.rangeClosed(1, 13)
                    .mapToObj(state -> Arguments.of(event, State.values()[state - 1], columns.get(state)));
        });
    }

    @ParameterizedTest
    @MethodSource("cells")
    void doesWhatTheStandardSays(Event event, State state, String action) {
        Action expected = action.equals("-") ? null : Action.valueOf(action.replace("-", ""));

        assertThat(StateTable.action(state, event)).isEqualTo(expected);
    }

    static Stream<Arguments> actions() {
        String[] words = NEXT.strip().split("\\s+");
        return IntStream.range(0, words.length / 2)
                .mapToObj(i -> Arguments.of(words[2 * i], Integer.parseInt(words[2 * i + 1])));
    }

    @ParameterizedTest
    @MethodSource("actions")
    void goesToTheStateThatFollows(String action, int state) {
        assertThat(Action.valueOf(action.replace("-", "")).next(true)).isEqualTo(State.values()[state - 1]);
    }

    @ParameterizedTest
    @MethodSource("acceptorsStates")
    void tellsTheSidesOfAReleaseCollisionApart(boolean requestor, State state) {
        assertThat(Action.AR8.next(requestor)).isEqualTo(state);
    }

    static Stream<Arguments> acceptorsStates() {
        return Stream.of(Arguments.of(true, State.STA9), Arguments.of(false, State.STA10));
    }
}
