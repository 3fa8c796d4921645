package s4j.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import s4j.audio.WavFile;
import s4j.audio.Waveform;
import s4j.generate.AudioCode;
import s4j.generate.TokenModel;
import s4j.io.AtomicFile;
import s4j.io.MalformedFileException;
import s4j.train.RunException;

/**
 * What {@code s4 generate} reads and writes.
 *
 * @param audio how tokens are sound; null: they are no sound
 * @param out a file name, or "-"
 * @param report a page; null: none
 * @param samples how many will be written
 */
record GeneratedFiles(@Nullable AudioCode audio, String out, @Nullable Path report, int samples) {
    /** Bytes of a text file of tokens that is still read. */
    private static final long LONGEST_TEXT = 1 << 28;

    /** Refuses places that cannot be written, before the work. */
    GeneratedFiles {
        if (out.equals(GenerateCommand.STDOUT) && samples > 1) {
            throw new RunException("--samples " + samples + " to standard output; expected 1, or --out FILE");
        }
        if (!out.equals(GenerateCommand.STDOUT)) {
            requireDirectory("--out", Path.of(out));
        }
        if (report != null) {
            requireDirectory("--report", report);
            if (audio == null) {
                throw new RunException(
                        "--report shows sound, and this model's tokens are no sound; expected no --report");
            }
        }
    }

    /** Refuses a file whose directory does not exist, or that is one. */
    static void requireDirectory(String option, Path file) {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory) || Files.isDirectory(file)) {
            throw new RunException(option + " " + file + ": " + (Files.isDirectory(file)
                    ? "is a directory; expected a file"
                    : "there is no directory " + directory + "; create it first"));
        }
    }

    /** Whether samples go to standard output. */
    boolean toStdout() { return out.equals(GenerateCommand.STDOUT); }

    /** The file of the sample of a rank, from 0. */
    Path file(int rank) {
        Path file = Path.of(out);
        if (samples == 1) {
            return file;
        }
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        String numbered = dot <= 0
                ? name + "-" + (rank + 1)
                : name.substring(0, dot) + "-" + (rank + 1) + name.substring(dot);
        return file.resolveSibling(numbered);
    }

    /** Writes a sequence. */
    void write(int rank, int[] tokens) throws IOException {
        if (audio != null) {
            WavFile.write(file(rank), audio.decode(tokens));
            return;
        }
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            text.append(token).append('\n');
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file(rank), channel -> channel.write(ByteBuffer.wrap(bytes)));
    }

    /** Tokens as they go through a pipe. */
    byte[] bytes(int... tokens) {
        if (audio == null) {
            StringBuilder text = new StringBuilder();
            for (int token : tokens) {
                text.append(token).append('\n');
            }
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }
        ByteBuffer bytes = ByteBuffer.allocate(2 * tokens.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int token : tokens) {
            bytes.putShort(WavFile.pcm16(audio.levels()[token]));
        }
        return bytes.array();
    }

    /** A duration in samples. */
    static int samples(String option, double seconds, AudioCode audio) {
        double n = seconds * audio.sampleRate();
        if (!(n >= 1 && n <= Integer.MAX_VALUE - 8)) {
            throw new RunException(
                    "%s %s at %d samples per second; expected at least one sample".formatted(option, seconds,
                            audio.sampleRate()) + " and at most " + (Integer.MAX_VALUE - 8));
        }
        return (int) Math.round(n);
    }

    /** What samples go on from, as tokens; none without a file. */
    static int[] prefix(TokenModel model, @Nullable Path file, @Nullable Double seconds) throws IOException {
        AudioCode audio = model.audio();
        if (file == null || audio == null) {
            if (seconds != null) {
                throw new RunException("--prefix-seconds " + seconds + (file == null
                        ? " without --prefix; expected --prefix FILE.wav as well"
                        : ", but this model's tokens are no sound; expected a file of as many tokens as wanted"));
            }
            return file == null ? new int[0] : tokens(file, model.model().config().dInput());
        }
        Waveform wave = WavFile.read(file).at(audio.sampleRate());
        int wanted = seconds == null ? wave.samples().length : samples("--prefix-seconds", seconds, audio);
        if (wanted > wave.samples().length) {
            throw new RunException("--prefix-seconds %s: %s has %s; expected at most that".formatted(seconds, file,
                    GenerateCommand.seconds(wave.seconds())));
        }
        return audio.encode(new Waveform(audio.sampleRate(), Arrays.copyOf(wave.samples(), wanted)));
    }

    private static int[] tokens(Path file, int most) throws IOException {
        if (Files.size(file) > LONGEST_TEXT) {
            throw new MalformedFileException(
                    file + ": " + Files.size(file) + " bytes; expected at most " + LONGEST_TEXT);
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        String[] words = text.isEmpty() ? new String[0] : text.split("\\s+", -1);
        int[] tokens = new int[words.length];
        for (int t = 0; t < tokens.length; t++) {
            boolean number = words[t].matches("[0-9]{1,9}");
            tokens[t] = number ? Integer.parseInt(words[t]) : -1;
            if (tokens[t] < 0 || tokens[t] >= most) {
                String word = words[t].length() > 40 ? words[t].substring(0, 40) + "…" : words[t];
                throw new MalformedFileException(file + ": token " + (t + 1) + ": got " + word
                        + "; expected a whole number from 0 to " + (most - 1));
            }
        }
        return tokens;
    }
}
