package org.imagingingestion.benchmarks;

import java.util.Map;

import org.imagingingestion.benchmarks.corpus.InstanceTemplate;
import org.imagingingestion.benchmarks.corpus.ObjectKind;
import org.imagingingestion.benchmarks.report.Figure;
import org.imagingingestion.benchmarks.server.Server;

/** Storing by a process of its own that tells another over NATS, against all in one process; both have the same two cores. */
final class Roles {
    private static final String STOW = "STOW CT, roles apart";
    private static final String ALL_IN_ONE = "all in one";
    private static final String PROCESSOR = "roles-processor";
    private static final int CONNECTIONS = 4;

    private final Run run;

    Roles(Run run) {
        this.run = run;
    }

    void run() {
        if (!run.wantsAny(STOW) || !run.settings().withProject()) {
            return;
        }
        String options = run.settings().javaOptions();
        try (Server one = run.servers().project("roles-none", options);
                Server nats = run.servers().nats();
                Server processor = run.servers().processor(PROCESSOR, options, nats);
                Server stow = run.servers().stow("roles-stow", options, nats, PROCESSOR)) {
            InstanceTemplate template = InstanceTemplate.of(ObjectKind.CT);
            Storing apart = new Storing(stow, processor, template, CONNECTIONS);
            Storing together = new Storing(one, template, CONNECTIONS);
            run.job(STOW, () -> {
                Map<String, Figure> figures = new Contest(run.settings())
                        .with(Run.PROJECT, stow, apart::load, apart::verify)
                        .with(ALL_IN_ONE, one, together::load, together::verify)
                        .run();
                run.report().job(STOW + ", c=4", figures);
                run.report().atLeast(STOW + ", c=4", figures, ALL_IN_ONE, 0.5);
            });
        }
    }
}
