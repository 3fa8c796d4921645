package s4j.audio;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import s4j.io.InputFile;
import s4j.io.MalformedFileException;

/**
 * Sound of any format that there is a reader for: wav by {@link WavFile}, FLAC by {@link FlacFile}, everything else by {@code
 * javax.sound.sampled}, which itself reads AIFF and AU, and MP3 or Ogg where a provider of them is on the class path.
 */
public final class SoundFile {
    /** What a file's name ends in when it may be sound. */
    public static final List<String> ENDINGS = List.of(".wav", ".flac", ".mp3", ".ogg", ".aif", ".aiff", ".au");

    private static final int LARGEST = 1 << 30;
    private static final int MOST_CHANNELS = 64;

    /** Whether a name looks like that of a sound file. */
    public static boolean named(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(lower::endsWith);
    }

    /**
     * Reads a file.
     *
     * @throws MalformedFileException when it is damaged, or of a format that nothing on the class path reads
     */
    public static Waveform read(Path file) throws IOException {
        byte[] head;
        try (var in = InputFile.open(file)) {
            head = in.readNBytes(4);
        }
        if (wav(head)) {
            return WavFile.read(file);
        }
        if (Files.size(file) > LARGEST) {
            throw new MalformedFileException(file + ": got " + Files.size(file) + " bytes; expected at most " + LARGEST
                    + ". Cut the recording into pieces");
        }
        return fromBytes(Files.readAllBytes(file), file.toString());
    }

    /**
     * Reads from memory.
     *
     * @param name what to call the source in messages
     */
    public static Waveform fromBytes(byte[] bytes, String name) throws MalformedFileException {
        if (bytes.length == 0) {
            throw new MalformedFileException(name + ": the file is empty; expected sound");
        }
        if (FlacFile.is(bytes)) {
            return FlacFile.fromBytes(bytes, name);
        }
        return wav(bytes) || !foreign(bytes, name) ? WavFile.fromBytes(bytes, name) : provided(bytes, name);
    }

    private static boolean wav(byte[] bytes) { return List.of("RIFF", "RF64", "BW64").contains(head(bytes)); }

    private static String head(byte[] bytes) {
        return new String(bytes, 0, Math.min(4, bytes.length), StandardCharsets.ISO_8859_1);
    }

    /** Whether it is sound of another kind, rather than a wav that is damaged from its first byte on. */
    private static boolean foreign(byte[] bytes, String name) {
        boolean known = List.of("OggS", "FORM", ".snd").contains(head(bytes)) || head(bytes).startsWith("ID3");
        return known || !name.toLowerCase(Locale.ROOT).endsWith(".wav");
    }

    private static Waveform provided(byte[] bytes, String name) throws MalformedFileException {
        try (AudioInputStream coded = AudioSystem.getAudioInputStream(new ByteArrayInputStream(bytes))) {
            AudioFormat from = coded.getFormat();
            int bits = from.getSampleSizeInBits() <= 0 ? 16 : Math.ceilDiv(from.getSampleSizeInBits(), 8) * 8;
            int channels = from.getChannels();
            if (channels < 1 || channels > MOST_CHANNELS) {
                throw new MalformedFileException(
                        name + ": got " + channels + " channels; expected 1 to " + MOST_CHANNELS);
            }
            AudioFormat plain = new AudioFormat(AudioFormat.Encoding.PCM_SIGNED, from.getSampleRate(), bits, channels,
                    channels * bits / 8, from.getSampleRate(), false);
            try (AudioInputStream in = AudioSystem.getAudioInputStream(plain, coded)) {
                return decoded(in.readNBytes(LARGEST), plain, name);
            }
        } catch (UnsupportedAudioFileException e) {
            throw unread(name, e);
        } catch (IOException | RuntimeException e) { // providers throw what they like at damaged files
            if (e instanceof MalformedFileException known) {
                throw known;
            }
            throw new MalformedFileException(name + ": got damaged sound: " + e + "; expected a whole file", e);
        }
    }

    private static MalformedFileException unread(String name, Exception e) {
        String kind = name.replaceFirst(".*\\.", "");
        return new MalformedFileException(("%s: nothing on the class path reads %s; expected wav. Convert it, e.g. "
                + "ffmpeg -i IN -ac 1 OUT.wav, or add a javax.sound provider of it to S4_CLASSPATH")
                .formatted(name, kind),
                e);
    }

    private static Waveform decoded(byte[] data, AudioFormat format, String name) throws MalformedFileException {
        int rate = Math.round(format.getSampleRate());
        if (rate < Waveform.MIN_RATE || rate > Waveform.MAX_RATE) {
            throw new MalformedFileException(name + ": got " + rate + " samples per second; expected "
                    + Waveform.MIN_RATE + " to " + Waveform.MAX_RATE);
        }
        WavFormat coding = new WavFormat(WavFormat.Coding.PCM, format.getChannels(), rate,
                format.getSampleSizeInBits() / 8);
        ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        float[] samples = new float[data.length / coding.frameBytes()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = coding.mono(in, i * coding.frameBytes());
        }
        return new Waveform(rate, samples);
    }

    private SoundFile() {}
}
