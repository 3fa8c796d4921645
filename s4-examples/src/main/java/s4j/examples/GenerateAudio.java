package s4j.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import s4j.audio.WavFile;
import s4j.audio.Waveform;
import s4j.generate.AudioCode;
import s4j.generate.Generator;
import s4j.generate.Sample;
import s4j.generate.Sampling;
import s4j.generate.TokenModel;
import s4j.model.SequenceBatch;

/**
 * Half a second of sound from a model file, as a wav: the most likely of four. Run it with the model file of an audio
 * experiment, or without one for an untrained model.
 */
public final class GenerateAudio {
    /** Compares the sample's log-likelihood with that of the whole sequence by convolution; exits with 1 when they differ. */
    public static void main(String[] args) throws IOException {
        TokenModel model = TokenModel.load(UntrainedModel.soundOr(args));
        AudioCode audio = model.audio();
        if (audio == null) {
            throw new IllegalArgumentException("the model's tokens are no sound; expected one of pipeline=audio");
        }
        Sampling sampling = new Sampling(0.9, 0.95, 0); // temperature, top-p, top-k
        Generator.Request request = new Generator.Request(4, audio.sampleRate() / 2, sampling, 1, new int[0]);
        Sample best = new Generator(model).generate(request).getFirst();
        Path wav = Files.createTempFile("generated", ".wav");
        WavFile.write(wav, audio.decode(best.tokens()));

        Waveform sound = WavFile.read(wav);
        System.out.printf(Locale.ROOT, "%s: %.2f s at %d samples per second%n", wav, sound.seconds(),
                sound.sampleRate());
        double whole = logLikelihood(model, best.tokens());
        double difference = Math.abs(best.logLikelihood() - whole) / Math.abs(whole);
        System.out.printf(Locale.ROOT, "log-likelihood %.4f nats; max |step - convolution| = %.1e of it%n",
                best.logLikelihood(), difference);
        System.exit(difference < 1e-5 && sound.samples().length == best.tokens().length ? 0 : 1);
    }

    /** Σ_t log softmax(scores_t)[token_t]: the scores of step t follow from the start token and all tokens before. */
    private static double logLikelihood(TokenModel tokens, int[] sequence) {
        float[] x = new float[sequence.length];
        x[0] = tokens.start();
        for (int t = 1; t < x.length; t++) {
            x[t] = sequence[t - 1];
        }
        float[] scores = tokens.model().forward(new SequenceBatch(1, x.length, 1, x, new int[1]));
        int classes = tokens.model().dOutput();
        double total = 0;
        for (int t = 0; t < x.length; t++) {
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                sum += Math.exp(scores[t * classes + c]);
            }
            total += scores[t * classes + sequence[t]] - Math.log(sum);
        }
        return total;
    }

    private GenerateAudio() {}
}
