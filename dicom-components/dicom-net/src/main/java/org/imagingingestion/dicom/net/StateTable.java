package org.imagingingestion.dicom.net;

import java.util.EnumMap;
import java.util.Map;

import static org.imagingingestion.dicom.net.Action.*;
import static org.imagingingestion.dicom.net.State.*;

/** The association state machine as the table that it is (PS3.8 §9.2.3, Table 9-10). */
final class StateTable {
    private static final Map<Event, Map<State, Action>> TABLE = new EnumMap<>(Event.class);

    static {
        row(Event.ASSOCIATE_REQUEST).at(AE1, STA1);
        row(Event.TRANSPORT_CONFIRM).at(AE2, STA4);
        row(Event.ASSOCIATE_AC_PDU)
                .at(AA1, STA2)
                .at(AA8, STA3)
                .at(AE3, STA5)
                .from6To12(AA8)
                .at(AA6, STA13);
        row(Event.ASSOCIATE_RJ_PDU)
                .at(AA1, STA2)
                .at(AA8, STA3)
                .at(AE4, STA5)
                .from6To12(AA8)
                .at(AA6, STA13);
        row(Event.TRANSPORT_INDICATION).at(AE5, STA1);
        row(Event.ASSOCIATE_RQ_PDU)
                .at(AE6, STA2)
                .at(AA8, STA3, STA5)
                .from6To12(AA8)
                .at(AA7, STA13);
        row(Event.ASSOCIATE_ACCEPT).at(AE7, STA3);
        row(Event.ASSOCIATE_REJECT).at(AE8, STA3);
        row(Event.DATA_REQUEST).at(DT1, STA6).at(AR7, STA8);
        row(Event.DATA_PDU)
                .at(AA1, STA2)
                .at(AA8, STA3, STA5)
                .from6To12(AA8)
                .at(DT2, STA6)
                .at(AR6, STA7)
                .at(AA6, STA13);
        row(Event.RELEASE_REQUEST).at(AR1, STA6);
        row(Event.RELEASE_RQ_PDU)
                .at(AA1, STA2)
                .at(AA8, STA3, STA5)
                .from6To12(AA8)
                .at(AR2, STA6)
                .at(AR8, STA7)
                .at(AA6, STA13);
        row(Event.RELEASE_RP_PDU)
                .at(AA1, STA2)
                .at(AA8, STA3, STA5)
                .from6To12(AA8)
                .at(AR3, STA7, STA11)
                .at(AR10, STA10)
                .at(AA6, STA13);
        row(Event.RELEASE_RESPONSE).at(AR4, STA8, STA12).at(AR9, STA9);
        row(Event.ABORT_REQUEST).at(AA1, STA3, STA5).at(AA2, STA4).from6To12(AA1);
        row(Event.ABORT_PDU).at(AA2, STA2, STA13).at(AA3, STA3, STA5).from6To12(AA3);
        row(Event.TRANSPORT_CLOSED)
                .at(AA5, STA2)
                .at(AA4, STA3, STA4, STA5)
                .from6To12(AA4)
                .at(AR5, STA13);
        row(Event.ARTIM_EXPIRED).at(AA2, STA2, STA13);
        row(Event.INVALID_PDU).at(AA1, STA2).at(AA8, STA3, STA5).from6To12(AA8).at(AA7, STA13);
    }

    private record Row(Map<State, Action> actions) {
        Row at(Action action, State... states) {
            for (State state : states) {
                actions.put(state, action);
            }
            return this;
        }

        Row from6To12(Action action) {
            return at(action, STA6, STA7, STA8, STA9, STA10, STA11, STA12);
        }
    }

    private StateTable() {}

    private static Row row(Event event) {
        return new Row(TABLE.computeIfAbsent(event, e -> new EnumMap<>(State.class)));
    }

    /** What is to be done; {@code null} where the event cannot happen in this state. */
    static Action action(State state, Event event) {
        return TABLE.get(event).get(state);
    }
}
