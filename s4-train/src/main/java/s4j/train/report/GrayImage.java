package s4j.train.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import s4j.data.SequenceSet.Picture;

/** A small grey picture inside the page. */
public record GrayImage(Picture picture) {
    /** An {@code img} element; {@code alt} says what it shows. */
    public String html(String alt) {
        return html(alt, "56");
    }

    /** The same at a width, in pixels or per cent. */
    public String html(String alt, String width) {
        return "<img src=\"data:image/png;base64," + Base64.getEncoder().encodeToString(png()) + "\" alt=\""
                + Html.text(alt) + "\" width=\"" + width + "\""
                + (width.endsWith("%") ? "" : " height=\"" + width + "\"") + ">";
    }

    private byte[] png() {
        int width = picture.width();
        BufferedImage image = new BufferedImage(width, picture.height(), BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < picture.pixels().length; i++) {
            image.getRaster().setSample(i % width, i / width, 0, picture.pixels()[i] & 0xff);
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
