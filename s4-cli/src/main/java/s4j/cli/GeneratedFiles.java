package s4j.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import s4j.audio.WavFile;
import s4j.generate.AudioCode;
import s4j.generate.Vocabulary;
import s4j.io.AtomicFile;
import s4j.train.run.RunException;

/**
 * What {@code s4 generate} writes.
 *
 * @param audio how tokens are sound; null: they are no sound
 * @param vocabulary how tokens are text; null: they are no text
 * @param out a file name, or "-"
 * @param report a page; null: none
 * @param samples how many will be written
 */
record GeneratedFiles(@Nullable AudioCode audio, @Nullable Vocabulary vocabulary, String out, @Nullable Path report,
        int samples) {
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

    /** Refuses a file whose directory does not exist or takes no file, and one that is a directory or may only be read. */
    static void requireDirectory(String option, Path file) {
        Path directory = file.toAbsolutePath().getParent();
        String reason = directory == null || Files.isDirectory(file)
                ? "is a directory; expected a file"
                : !Files.isDirectory(directory)
                        ? "there is no directory " + directory + "; create it first"
                        : Files.exists(file) && !Files.isWritable(file)
                                ? "it may only be read; expected a file that may be replaced. Choose another"
                                : !Files.exists(file) && !Files.isWritable(directory)
                                        ? "nothing can be written in " + directory + ". Choose another directory"
                                        : "";
        if (!reason.isEmpty()) {
            throw new RunException(option + " " + file + ": " + reason);
        }
    }

    /** The same, and one that is the input itself. */
    static void requireDirectory(String option, Path out, Path input) throws IOException {
        requireDirectory(option, out);
        try {
            AtomicFile.requireOther(option, out, input);
        } catch (IllegalArgumentException e) {
            throw new RunException(String.valueOf(e.getMessage()));
        }
    }

    /** Whether they are text on standard output, where lines about them would stand among them. */
    boolean textToStdout() {
        return vocabulary != null && toStdout();
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
        byte[] bytes = bytes(tokens);
        AtomicFile.write(file(rank), channel -> channel.write(ByteBuffer.wrap(bytes)));
    }

    /** Tokens as they go through a pipe: text in UTF-8, a number a line, or 16-bit samples. */
    byte[] bytes(int... tokens) {
        if (vocabulary != null) {
            return vocabulary.bytes(tokens);
        }
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
}
