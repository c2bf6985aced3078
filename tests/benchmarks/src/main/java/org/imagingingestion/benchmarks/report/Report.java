package org.imagingingestion.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Gathers what a run finds and writes it down as Markdown. */
public final class Report {
    private final List<Goal> goals = new ArrayList<>();
    private final List<String> measurements = new ArrayList<>();
    private final Map<String, String> notes = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    /** Adds all that took part in a job. */
    public void job(String job, Map<String, Figure> figures) {
        figures.forEach((name, f) -> measurements.add(row(
                job,
                name,
                number(f.perSecond()),
                number(f.megabytesPerSecond()),
                number(f.p50()),
                number(f.p99()),
                number(f.cpuMillis()),
                number(f.peakMegabytes()))));
    }

    /**
     * Adds a goal for a job's throughput; when the project or the peer did not take part, there is nothing to compare.
     *
     * @param peer the name of a contender
     */
    public void atLeast(String job, Map<String, Figure> figures, String peer, double factor) {
        Figure own = figures.get("project");
        Figure other = figures.get(peer);
        if (own != null && other != null) {
            goals.add(new Goal(job, own.perSecond(), peer, other.perSecond(), "/s", factor, false));
        }
    }

    /** Adds any other goal. */
    public void goal(Goal goal) {
        goals.add(goal);
    }

    /** Adds something worth knowing that is not a contest. */
    public void note(String name, String value) {
        notes.put(name, value);
    }

    /** Adds a job that could not be measured, or was answered wrongly. */
    public void failure(String job, String reason) {
        failures.add(job + ": " + reason);
    }

    /** The goals so far. */
    public List<Goal> goals() {
        return List.copyOf(goals);
    }

    /** Whether every job that was begun was measured. */
    public boolean complete() {
        return failures.isEmpty();
    }

    /** The whole report. */
    public String markdown(String title) {
        StringBuilder text = new StringBuilder("# ").append(title).append("\n\n");
        table(text, List.of("job", "project", "against", "peer", "ratio", "goal", "reached"), goalRows());
        table(text, List.of("job", "server", "per s", "MB/s", "p50 ms", "p99 ms", "CPU ms", "peak MiB"), measurements);
        table(
                text,
                List.of("also", "value"),
                notes.entrySet().stream()
                        .map(note -> row(note.getKey(), note.getValue()))
                        .toList());
        failures.forEach(failure -> text.append("FAILED: ").append(failure).append('\n'));
        return text.toString();
    }

    private List<String> goalRows() {
        return goals.stream()
                .map(g -> row(
                        g.job(),
                        number(g.project()) + g.unit(),
                        g.peer(),
                        number(g.other()) + g.unit(),
                        number(g.ratio()) + " ×",
                        (g.atMost() ? "≤ " : "≥ ") + number(g.factor()) + " ×",
                        g.reached() ? "yes" : "no"))
                .toList();
    }

    private static void table(StringBuilder text, List<String> head, List<String> rows) {
        if (!rows.isEmpty()) {
            text.append(row(head.toArray(String[]::new))).append('\n');
            text.append("|---".repeat(head.size())).append("|\n");
            rows.forEach(row -> text.append(row).append('\n'));
            text.append('\n');
        }
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    /** A number with as many digits as mean something. */
    static String number(double value) {
        String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
