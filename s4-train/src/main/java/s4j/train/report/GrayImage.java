package s4j.train.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/**
 * A small grey image inside the page.
 *
 * @param side pixels per row and column
 * @param values row by row; the smallest becomes black, the largest white
 */
record GrayImage(int side, float[] values) {
    /** An {@code img} element; {@code alt} says what it shows. */
    String html(String alt) {
        return "<img src=\"data:image/png;base64," + Base64.getEncoder().encodeToString(png()) + "\" alt=\""
                + Html.text(alt) + "\" width=\"56\" height=\"56\">";
    }

    private byte[] png() {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (float v : values) {
            min = Math.min(min, v);
            max = Math.max(max, v);
        }
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < side * side; i++) {
            int gray = max > min ? Math.round(255 * (values[i] - min) / (max - min)) : 0;
            image.getRaster().setSample(i % side, i / side, 0, gray);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.setUseCache(false);
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return out.toByteArray();
    }
}
