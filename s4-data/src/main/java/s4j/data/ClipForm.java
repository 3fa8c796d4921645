package s4j.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.audio.Resampling;
import s4j.audio.SoundFeatures;
import s4j.audio.SoundInput;
import s4j.audio.Waveform;
import s4j.io.MalformedFileException;

/**
 * How recordings with a class each become sequences.
 *
 * @param sampleRate they are resampled to it; null: to that of the first
 * @param resampling how
 * @param sampleLen most samples; what a recording has beyond is left out; null: nothing is
 * @param pad whether shorter ones get silence at their end, up to sampleLen
 * @param features what a network sees
 * @param augment what is done to training recordings
 * @param skipBroken goes on without recordings that cannot be read
 */
record ClipForm(@Nullable Integer sampleRate, Resampling resampling, @Nullable Integer sampleLen, boolean pad,
        SoundFeatures features, AugmentConfig augment, boolean skipBroken) {
    private static final int SHOWN = 5;

    /** Checks what goes together. */
    ClipForm {
        if (pad && sampleLen == null) {
            throw new IllegalArgumentException("pad: got true without sample_len; expected the samples to pad to");
        }
        if (features instanceof SoundFeatures.Raw && (augment.timeMasks() > 0 || augment.freqMasks() > 0)) {
            throw new IllegalArgumentException(
                    "augment.time_masks, augment.freq_masks: got some with features raw; expected mfcc or log-mel");
        }
    }

    /** What the network's input goes through at a rate. */
    SoundInput input(int rate) {
        return new SoundInput(rate, pad ? sampleLen : null, features);
    }

    /**
     * What was read.
     *
     * @param sounds in order
     * @param rate of all of them
     */
    record Read(List<Clip.Sound> sounds, int rate) {}

    /**
     * Reads clips, all at one rate.
     *
     * @throws MalformedFileException when some cannot be read and are not to be skipped, with the whole list of them
     */
    Read read(Recordings from, List<Clip> clips, Consumer<String> log) throws IOException {
        List<Clip.Sound> out = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        Integer rate = sampleRate;
        for (Clip clip : clips) {
            try {
                Waveform wave = from.read(clip.name());
                if (wave.samples().length == 0) {
                    throw new MalformedFileException(
                            from.place() + ", " + clip.name() + ": the recording has no samples; expected one or more");
                }
                rate = rate == null ? Integer.valueOf(wave.sampleRate()) : rate;
                float[] all = wave.at(rate, resampling).samples();
                float[] some = sampleLen == null || all.length <= sampleLen ? all : Arrays.copyOf(all, sampleLen);
                out.add(new Clip.Sound(PackedSound.of(some), clip.label(), clip.part()));
            } catch (MalformedFileException e) {
                broken.add(String.valueOf(e.getMessage()));
            }
        }
        report(broken, clips.size(), log);
        return new Read(List.copyOf(out), rate == null ? 0 : rate);
    }

    private void report(List<String> broken, int all, Consumer<String> log) throws MalformedFileException {
        if (broken.isEmpty()) {
            return;
        }
        String count = broken.size() + " of " + all + " recordings cannot be read";
        log.accept(skipBroken ? "left out: " + count : count);
        broken.forEach(m -> log.accept("  " + m));
        if (!skipBroken) {
            String some = String.join("\n  ", broken.subList(0, Math.min(SHOWN, broken.size())));
            throw new MalformedFileException(count + ":\n  " + some + (broken.size() > SHOWN ? "\n  …" : "")
                    + "\nMend or remove them; dataset.skip_broken=true goes on without them");
        }
    }
}
