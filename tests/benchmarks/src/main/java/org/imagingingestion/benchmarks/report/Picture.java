package org.imagingingestion.benchmarks.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import javax.imageio.ImageIO;

/** Draws the ratios as horizontal bars on a logarithmic scale, each with a mark where its goal is. */
public final class Picture {
    private static final int WIDTH = 1180;
    private static final int LEFT = 430;
    private static final int RIGHT = 170;
    private static final int TOP = 70;
    private static final int ROW = 34;
    private static final int BAR = 20;
    private static final Color REACHED = new Color(0x2E7D8C);
    private static final Color MISSED = new Color(0xD98032);
    private static final Color INK = new Color(0x22272B);
    private static final Color GRID = new Color(0xD9DEE2);

    private final List<Goal> goals;
    private final double lowest;
    private final double highest;
    private final BufferedImage image;
    private final Graphics2D graphics;

    private Picture(List<Goal> goals) {
        this.goals = goals;
        lowest = Math.floor(extreme(-1));
        highest = Math.ceil(extreme(1) + 0.05);
        image = new BufferedImage(WIDTH, TOP + ROW * goals.size() + 50, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
    }

    /** Draws the goals into a PNG file. */
    public static void write(String title, List<Goal> goals, Path file) throws IOException {
        Picture picture = new Picture(goals);
        picture.draw(title);
        ImageIO.write(picture.image, "png", file.toFile());
    }

    private double extreme(int sign) {
        return sign
                * goals.stream()
                        .flatMap(goal -> List.of(goal.ratio(), goal.factor(), 1.0).stream())
                        .mapToDouble(value -> sign * Math.log10(value))
                        .max()
                        .orElse(0);
    }

    private void draw(String title) {
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, WIDTH, image.getHeight());
        text(title, 16, 28, Font.BOLD, 17);
        text("project / peer, logarithmic; the black mark is the goal (≤: less is better)", 16, 48, Font.PLAIN, 12);
        grid();
        for (int i = 0; i < goals.size(); i++) {
            bar(goals.get(i), TOP + i * ROW);
        }
        graphics.dispose();
    }

    private void grid() {
        int bottom = TOP + goals.size() * ROW;
        for (int power = (int) lowest; power <= highest; power++) {
            int x = x(Math.pow(10, power));
            graphics.setColor(power == 0 ? Color.GRAY : GRID);
            graphics.drawLine(x, TOP - 8, x, bottom);
            text(
                    power < 0 ? "1/" + (long) Math.pow(10, -power) : (long) Math.pow(10, power) + " ×",
                    x - 12,
                    bottom + 18,
                    0,
                    12);
        }
    }

    private void bar(Goal goal, int y) {
        text(goal.job() + " / " + goal.peer(), 16, y + 15, Font.PLAIN, 12);
        int from = x(1);
        int to = x(goal.ratio());
        graphics.setColor(goal.reached() ? REACHED : MISSED);
        graphics.fillRect(Math.min(from, to), y, Math.max(2, Math.abs(to - from)), BAR);
        int mark = x(goal.factor());
        graphics.setColor(INK);
        graphics.setStroke(new BasicStroke(3));
        graphics.drawLine(mark, y - 4, mark, y + BAR + 4);
        graphics.setStroke(new BasicStroke(1));
        String label = "%s × (%s %s)"
                .formatted(Report.number(goal.ratio()), goal.atMost() ? "≤" : "≥", Report.number(goal.factor()));
        text(label, WIDTH - RIGHT + 12, y + 15, goal.reached() ? Font.BOLD : Font.PLAIN, 12);
    }

    private int x(double ratio) {
        double share = (Math.log10(ratio) - lowest) / (highest - lowest);
        return LEFT + (int) Math.round(share * (WIDTH - LEFT - RIGHT));
    }

    private void text(String text, int x, int y, int style, int size) {
        graphics.setColor(INK);
        graphics.setFont(new Font(Font.SANS_SERIF, style, size));
        graphics.drawString(text, x, y);
    }
}
