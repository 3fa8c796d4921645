package s4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import s4j.audio.WavFile;
import s4j.audio.Waveform;
import s4j.generate.AudioCode;
import s4j.generate.TokenModel;
import s4j.generate.Vocabulary;
import s4j.io.MalformedFileException;
import s4j.io.InputFile;
import s4j.train.run.RunException;

/**
 * What {@code s4 generate} goes on from.
 *
 * @param file a wav, a text, or a text of token numbers, whatever the model's tokens are; null: none
 * @param seconds how much of a wav; null: all
 * @param prompt a text; null: none
 */
record Prefix(@Nullable Path file, @Nullable Double seconds, @Nullable String prompt) {
    /** As tokens of a model; none where there is nothing to go on from. */
    int[] tokens(TokenModel model) throws IOException {
        AudioCode audio = model.audio();
        if (seconds != null && (file == null || audio == null)) {
            throw new RunException("--prefix-seconds " + seconds + (file == null
                    ? " without --prefix; expected --prefix FILE.wav as well"
                    : ", but this model's tokens are no sound; expected a file of as many tokens as wanted"));
        }
        if (prompt != null) {
            return prompt(model, prompt);
        }
        if (file == null) {
            return new int[0];
        }
        Vocabulary vocabulary = model.vocabulary();
        return audio != null
                ? sound(file, audio)
                : vocabulary != null
                        ? encoded(vocabulary, file.toString(), InputFile.text(file))
                        : numbers(file, model.model().config().dInput());
    }

    private int[] prompt(TokenModel model, String text) {
        if (file != null) {
            throw new RunException("--prompt and --prefix; expected one of them");
        }
        Vocabulary vocabulary = model.vocabulary();
        if (vocabulary == null) {
            throw new RunException("--prompt, but this model does not say which text its tokens are"
                    + (model.audio() == null
                            ? "; expected --prefix FILE of token numbers. s4 export --vocabulary FILE gives it text"
                            : ": they are sound; expected --prefix FILE.wav"));
        }
        return encoded(vocabulary, "--prompt", text);
    }

    private static int[] encoded(Vocabulary vocabulary, String place, String text) {
        try {
            return vocabulary.encode(text);
        } catch (IllegalArgumentException e) {
            throw new RunException(place + ": " + e.getMessage());
        }
    }

    private int[] sound(Path wav, AudioCode audio) throws IOException {
        Waveform wave = WavFile.read(wav).at(audio.sampleRate());
        int wanted = seconds == null
                ? wave.samples().length
                : GeneratedFiles.samples("--prefix-seconds", seconds, audio);
        if (wanted > wave.samples().length) {
            throw new RunException("--prefix-seconds %s: %s has %s; expected at most that".formatted(seconds, wav,
                    GenerateCommand.seconds(wave.seconds())));
        }
        return audio.encode(new Waveform(audio.sampleRate(), Arrays.copyOf(wave.samples(), wanted)));
    }

    private static int[] numbers(Path file, int most) throws IOException {
        String text = InputFile.text(file).strip();
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
