package org.imagingingestion.benchmarks.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ReportTest {
    private static final Map<String, Figure> FIGURES = Map.of("project", figure(250), "orthanc", figure(100));

    @Test
    void takesTheMedianOfRoundsAndTheHighestMemory() {
        Figure median = Figure.median(
                List.of(new Figure(3, 0, 0, 0, 0, 10), new Figure(1, 0, 0, 0, 0, 30), new Figure(2, 0, 0, 0, 0, 20)));

        assertThat(median.perSecond()).isEqualTo(2);
        assertThat(median.peakMegabytes()).isEqualTo(30);
    }

    @Test
    void saysWhetherAGoalIsReached() {
        Report report = new Report();
        report.atLeast("job", FIGURES, "orthanc", 3);
        report.goal(new Goal("memory", 100, "itself", 90, " MiB", 1.2, true));

        assertThat(report.markdown("title"))
                .contains("| job | 250/s | orthanc | 100/s | 2.50 × | ≥ 3.00 × | no |")
                .contains("| memory | 100 MiB | itself | 90.0 MiB | 1.11 × | ≤ 1.20 × | yes |");
    }

    @Test
    void comparesNothingWithAPeerThatDidNotTakePart() {
        Report report = new Report();
        report.atLeast("job", FIGURES, "nginx", 3);

        assertThat(report.goals()).isEmpty();
    }

    @Test
    void isIncompleteAfterAFailureAndNamesIt() {
        Report report = new Report();
        report.failure("job", "answered with 500");

        assertThat(report.complete()).isFalse();
        assertThat(report.markdown("title")).contains("FAILED: job: answered with 500");
    }

    @Test
    void drawsABarForEachGoal(@TempDir Path folder) throws Exception {
        Goal slow = new Goal("slow", 1, "peer", 20, "/s", 0.5, false);
        Goal fast = new Goal("fast", 900, "peer", 3, "/s", 200, false);
        Path one = folder.resolve("one.png");
        Path two = folder.resolve("two.png");

        Picture.write("one", List.of(fast), one);
        Picture.write("two", List.of(fast, slow), two);

        int height = ImageIO.read(one.toFile()).getHeight();
        assertThat(ImageIO.read(two.toFile()).getHeight()).isGreaterThan(height);
    }

    private static Figure figure(double perSecond) {
        return new Figure(perSecond, 0, 0, 0, 0, 0);
    }
}
