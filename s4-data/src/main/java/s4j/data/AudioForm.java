package s4j.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.audio.Quantization;
import s4j.audio.Waveform;
import s4j.io.TensorData;

/**
 * How recordings become sequences of levels.
 *
 * @param bits of a level
 * @param quantization from samples to levels
 * @param scale what is stretched to [−1, 1] first
 * @param sampleLen longest sequence; longer recordings are cut into such windows; null: recordings stay whole
 * @param dropLast whether what is left behind the last whole window is left out
 */
record AudioForm(int bits, Quantization quantization, AudioConfig.Scale scale, @Nullable Integer sampleLen,
        boolean dropLast) {
    /** The windows of a recording, in order; none of an empty one. */
    List<byte[]> windows(Waveform wave) {
        float[] all = (scale == AudioConfig.Scale.FILE ? wave.stretched() : wave).samples();
        int size = sampleLen == null ? Math.max(1, all.length) : sampleLen;
        List<byte[]> windows = new ArrayList<>();
        for (int from = 0; from < all.length; from += size) {
            int to = Math.min(all.length, from + size);
            if (to - from < size && dropLast) {
                break;
            }
            Waveform window = new Waveform(wave.sampleRate(), Arrays.copyOfRange(all, from, to));
            windows.add(levels((scale == AudioConfig.Scale.WINDOW ? window.stretched() : window).samples()));
            if (to == all.length) {
                break; // from + size may overflow
            }
        }
        return windows;
    }

    private byte[] levels(float[] samples) {
        byte[] levels = new byte[samples.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) quantization.encode(samples[i], bits);
        }
        return levels;
    }

    /** What turns levels into sound again, for the model file. */
    Map<String, TensorData> tensors(int sampleRate) {
        Map<String, TensorData> out = new LinkedHashMap<>();
        float[] table = quantization.table(bits);
        out.put("data.levels", TensorData.of(table, table.length));
        out.put("data.sample_rate", TensorData.of(new long[]{sampleRate}, 1));
        out.put("data.start", TensorData.of(new long[]{Quantization.zero(bits)}, 1));
        return out;
    }

    /** Parts are those of a class. */
    static void requireTold(boolean conditional, int parts) {
        if (parts > 1 && !conditional) {
            throw new IllegalArgumentException(
                    "parts: got " + parts + " without conditional; expected 1, or dataset.conditional=true");
        }
    }
}
