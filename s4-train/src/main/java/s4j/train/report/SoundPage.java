package s4j.train.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import s4j.audio.WavFile;
import s4j.audio.Waveform;
import s4j.io.AtomicFile;

/**
 * A page of sounds: waveform, spectrogram, and a player that needs no second file.
 *
 * @param title of the page
 * @param facts what stands under it
 * @param sounds in order
 */
public record SoundPage(String title, Map<String, String> facts, List<Sound> sounds) {
    /** Longer sounds are shown without a player: the page would be too large. */
    private static final int LONGEST_PLAYED = 1 << 22;

    /**
     * A sound.
     *
     * @param name of it
     * @param told about it
     * @param excerpt the sound itself
     */
    public record Sound(String name, String told, Excerpt excerpt) {}

    /** Writes the page. */
    public void write(Path file) throws IOException {
        byte[] bytes = html().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(ByteBuffer.wrap(bytes)));
    }

    String html() {
        StringBuilder out = new StringBuilder(1 << 16);
        out.append(Page.head(title)).append("<header><h1>").append(Html.text(title)).append("</h1>")
                .append(Page.facts(facts)).append("</header>");
        for (Sound sound : sounds) {
            Page.section(out, sound.name(), "<p>" + Html.text(sound.told()) + "</p>" + player(sound.excerpt())
                    + sound.excerpt().html());
        }
        return out.append("\n</main></html>\n").toString();
    }

    private static String player(Excerpt excerpt) {
        if (excerpt.samples().length > LONGEST_PLAYED) {
            return "";
        }
        byte[] wav = WavFile.toBytes(new Waveform(excerpt.sampleRate(), excerpt.samples()));
        return "<p><audio controls src=\"data:audio/wav;base64," + Base64.getEncoder().encodeToString(wav)
                + "\"></audio></p>";
    }
}
