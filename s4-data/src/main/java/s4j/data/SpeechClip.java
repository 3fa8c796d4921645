package s4j.data;

import java.util.ArrayList;
import java.util.List;
import s4j.audio.Waveform;
import s4j.io.MalformedFileException;

/**
 * A recording of a data set, as it was read: for judging models of sound by real sound.
 *
 * @param wave at the data set's rate
 * @param label number of its class
 */
public record SpeechClip(Waveform wave, int label) {
    /**
     * Those of a split.
     *
     * @throws MalformedFileException when the data set is not one of recordings with a class each
     */
    public static List<SpeechClip> of(Dataset data, SequenceSet split) throws MalformedFileException {
        if (!(split instanceof ClipSet set)) {
            throw new MalformedFileException("data set " + data.name()
                    + " has no recordings; expected sc, fsdd-classes or audio-classes");
        }
        List<SpeechClip> out = new ArrayList<>();
        for (Clip.Sound s : set.sounds()) {
            out.add(new SpeechClip(s.samples().wave(set.rate()), s.label()));
        }
        return List.copyOf(out);
    }
}
