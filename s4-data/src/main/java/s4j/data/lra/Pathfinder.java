package s4j.data.lra;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.math.SplitMix64;

/**
 * Draws images of Pathfinder: two dashed paths ("snakes" of "paddles"), shorter distractors between them, and two discs at ends of
 * paths. Label 1: at the two ends of one path; 0: of different ones.
 *
 * <p>Source: Linsley et al., Learning long-range spatial dependencies with horizontal gated recurrent units (2018), whose program's
 * rules these are; the settings of the Long Range Arena are in {@link PathfinderConfig}.
 */
final class Pathfinder {
    /** Below this share of free pixels no more distractors are tried. */
    private static final double LEAST_FREE = 0.01;
    private static final int PADDLE_TRIALS = 3;
    private static final int DISTRACTOR_TRIALS = 5;

    /**
     * What paths look like.
     *
     * @param side pixels
     * @param contourLength paddles of a path
     * @param distractors how many shorter paths
     * @param distractorLength paddles of each
     * @param paddleLength pixels
     * @param thickness pixels
     * @param margin free pixels round a paddle
     * @param markerRadius of the discs
     * @param seedDistance between the beginnings of the two paths, and half the free border
     * @param continuity how straight paths go on
     * @param contrast brightness of paddles
     * @param scale of drawing before it is shrunk
     */
    record Form(int side, int contourLength, int distractors, int distractorLength, int paddleLength, double thickness,
            int margin, double markerRadius, int seedDistance, double continuity, double contrast, int scale) {}

    /**
     * An image.
     *
     * @param pixels 0 to 255, row by row
     * @param label 0 or 1
     * @param paddles of the two paths
     * @param distractors that found a place
     */
    @SuppressWarnings("ArrayRecordComponent") // filled once, then read
    record Image(byte[] pixels, int label, int paddles, int distractors) {}

    /** A stroke with what it blocks, its ends (y, x) and its direction in degrees. */
    private record Paddle(float[] ink, boolean[] blocked, double tailY, double tailX, double headY, double headX,
            double degrees) {}

    private final Form form;
    private final Canvas canvas;
    private final SplitMix64 random;
    private final float[] picture;
    private boolean[] mask;

    private Pathfinder(Form form, SplitMix64 random) {
        this.form = form;
        this.random = random;
        this.canvas = new Canvas(form.side, form.scale);
        this.picture = new float[form.side * form.side];
        this.mask = new boolean[picture.length];
    }

    /** The image of a generator. */
    static Image draw(Form form, SplitMix64 random) {
        return new Pathfinder(form, random).image();
    }

    private Image image() {
        int label = random.nextInt(2);
        List<List<Paddle>> paths = null;
        while (paths == null) {
            mask = new boolean[picture.length];
            paths = targets();
        }
        paths.forEach(path -> path.forEach(p -> ink(p.ink, form.contrast)));
        int placed = 0;
        for (int i = 0; i < form.distractors && free() > LEAST_FREE; i++) {
            placed += distractor() ? 1 : 0;
        }
        int origin = random.nextInt(2);
        Paddle first = paths.get(origin).getFirst();
        Paddle last = paths.get(label == 1 ? origin : 1 - origin).getLast();
        ink(canvas.disc(first.tailY, first.tailX, form.markerRadius), 1);
        ink(canvas.disc(last.headY, last.headX, form.markerRadius), 1);
        byte[] pixels = new byte[picture.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.round(255 * Math.clamp(picture[i], 0f, 1f));
        }
        return new Image(pixels, label, paths.getFirst().size() + paths.getLast().size(), placed);
    }

    /** Two paths that grow in turn; null: one found no way. */
    private @Nullable List<List<Paddle>> targets() {
        Paddle one = first(null);
        Paddle two = one == null ? null : first(one);
        if (one == null || two == null) {
            return null;
        }
        List<List<Paddle>> paths = List.of(new ArrayList<>(List.of(one)), new ArrayList<>(List.of(two)));
        for (int k = 1; k < form.contourLength; k++) {
            for (List<Paddle> path : paths) {
                Paddle next = extended(path.getLast());
                if (next == null) {
                    return null;
                }
                block(path.getLast().blocked);
                path.add(next);
            }
        }
        paths.forEach(path -> block(path.getLast().blocked));
        return paths;
    }

    /** A short path somewhere; whether one of a few trials found a place. */
    private boolean distractor() {
        for (int trial = 0; trial < DISTRACTOR_TRIALS; trial++) {
            boolean[] before = mask.clone();
            List<Paddle> path = new ArrayList<>();
            Paddle next = first(null);
            while (next != null && path.size() < form.distractorLength) {
                path.add(next);
                next = path.size() < form.distractorLength ? extended(next) : next;
                block(path.getLast().blocked);
            }
            if (path.size() == form.distractorLength) {
                path.forEach(p -> ink(p.ink, form.contrast));
                return true;
            }
            mask = before;
        }
        return false;
    }

    /** A path's first paddle, anywhere free; of the second path, near the beginning of the first. */
    private @Nullable Paddle first(@Nullable Paddle near) {
        for (int trial = 0; trial < PADDLE_TRIALS; trial++) {
            double degrees = random.nextInt(360) - 180;
            double[] tail = near == null ? anywhere() : beside(near);
            if (tail == null) {
                return null;
            }
            Paddle paddle = paddle(tail[0], tail[1], tail[0] + Math.ceil(form.paddleLength * -sin(degrees)),
                    tail[1] + Math.ceil(form.paddleLength * cos(degrees)), degrees);
            if (fits(paddle)) {
                return paddle;
            }
        }
        return null;
    }

    private double @Nullable [] anywhere() {
        int border = 2 * form.seedDistance;
        int[] places = new int[picture.length];
        int n = 0;
        for (int y = border; y < form.side - border; y++) {
            for (int x = border; x < form.side - border; x++) {
                if (!mask[y * form.side + x]) {
                    places[n++] = y * form.side + x;
                }
            }
        }
        if (n == 0) {
            return null;
        }
        int at = places[random.nextInt(n)];
        int row = at / form.side;
        return new double[]{row, at - row * form.side};
    }

    private double[] beside(Paddle other) {
        double degrees = random.nextInt(360) - 180;
        return new double[]{Math.rint(other.tailY - form.seedDistance * sin(degrees)),
                Math.rint(other.tailX + form.seedDistance * cos(degrees))};
    }

    /** The next paddle of a path: straight on is most likely, a right angle over continuity impossible. */
    private @Nullable Paddle extended(Paddle last) {
        int radius = form.paddleLength + form.margin;
        double pivotY = last.headY - form.margin * sin(last.degrees);
        double pivotX = last.headX + form.margin * cos(last.degrees);
        int steps = (int) Math.ceil(2 * Math.PI * radius);
        double[] weights = new double[steps];
        double total = 0;
        for (int i = 0; i < steps; i++) {
            double turn = 2 * Math.PI * i / steps - Math.PI;
            double straight = Math.cos(Math.min(form.continuity * Math.abs(turn), Math.PI / 2));
            double degrees = last.degrees + Math.toDegrees(turn);
            boolean open = open(Math.rint(pivotY - radius * sin(degrees)), Math.rint(pivotX + radius * cos(degrees)));
            weights[i] = open ? Math.max(0, straight) * Math.max(0, straight) : 0;
            total += weights[i];
        }
        for (int trial = 0; total > 0 && trial < PADDLE_TRIALS; trial++) {
            double left = random.nextDouble() * total;
            int i = 0;
            while (i < steps - 1 && left >= weights[i]) {
                left -= weights[i++];
            }
            double degrees = last.degrees + Math.toDegrees(2 * Math.PI * i / steps - Math.PI);
            double headY = Math.rint(pivotY - radius * sin(degrees));
            double headX = Math.rint(pivotX + radius * cos(degrees));
            Paddle next = paddle(headY + form.paddleLength * sin(degrees), headX - form.paddleLength * cos(degrees),
                    headY, headX, degrees);
            if (fits(next)) {
                return next;
            }
        }
        return null;
    }

    private boolean open(double y, double x) {
        return y >= 1 && y < form.side - 1 && x >= 1 && x < form.side - 1 && !mask[((int) y) * form.side + (int) x];
    }

    private Paddle paddle(double tailY, double tailX, double headY, double headX, double degrees) {
        float[] ink = canvas.stroke(tailY, tailX, headY, headX, form.thickness);
        return new Paddle(ink, canvas.dilated(ink, form.margin), tailY, tailX, headY, headX, degrees);
    }

    /** Inside, and clear of everything but the paddle before it. */
    private boolean fits(Paddle paddle) {
        if (!open(paddle.tailY, paddle.tailX) || !open(paddle.headY, paddle.headX)) {
            return false;
        }
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] && paddle.blocked[i]) {
                return false;
            }
        }
        return true;
    }

    private void block(boolean[] pixels) {
        for (int i = 0; i < mask.length; i++) {
            mask[i] |= pixels[i];
        }
    }

    private void ink(float[] shape, double brightness) {
        for (int i = 0; i < picture.length; i++) {
            picture[i] = Math.max(picture[i], (float) (shape[i] * brightness));
        }
    }

    private double free() {
        int n = 0;
        for (boolean blocked : mask) {
            n += blocked ? 0 : 1;
        }
        return (double) n / mask.length;
    }

    private static double sin(double degrees) { return Math.sin(Math.toRadians(degrees)); }

    private static double cos(double degrees) { return Math.cos(Math.toRadians(degrees)); }
}
