package s4j.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

class ResamplerTest {
    private static float[] tone(double hertz, int rate, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) Math.sin(2 * Math.PI * hertz * i / rate);
        }
        return x;
    }

    /** Away from the ends, where the sound begins and stops. */
    private static double error(float[] actual, float[] expected) {
        double difference = 0;
        double norm = 0;
        for (int i = actual.length / 4; i < actual.length * 3 / 4; i++) {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            norm += expected[i] * expected[i];
        }
        return Math.sqrt(difference / norm);
    }

    @ParameterizedTest
    @CsvSource({"44100,16000", "16000,44100", "48000,8000", "8000,16000", "16000,8000", "22050,16000", "44101,16000",
            "11025,11000"})
    void whatBothRatesCanCarryStaysTheSame(int from, int to) {
        for (double share : new double[]{0.01, 0.1, 0.5, 0.85}) {
            double hertz = share * Math.min(from, to) / 2;
            float[] there = Resampler.between(from, to).resample(tone(hertz, from, from / 4));
            assertEquals(Math.ceilDiv((long) (from / 4) * to, from), there.length);
            double error = error(there, tone(hertz, to, there.length));
            assertTrue(error <= Tolerances.RESAMPLING, "%d to %d, %.0f Hz: %.3g".formatted(from, to, hertz, error));
        }
    }

    @Test
    void whatTheLowerRateCannotCarryIsGone() {
        float[] there = Resampler.between(44_100, 16_000).resample(tone(12_000, 44_100, 44_100));
        double loudest = 0;
        for (int i = there.length / 4; i < there.length * 3 / 4; i++) {
            loudest = Math.max(loudest, Math.abs(there[i]));
        }
        assertTrue(loudest < Tolerances.RESAMPLING, "12 kHz at 16,000 samples per second: " + loudest);
    }

    @Test
    void theSameRateIsTheSameSound() {
        Waveform wave = new Waveform(8000, tone(440, 8000, 100));
        assertSame(wave, wave.at(8000));
        assertEquals(0, new Waveform(8000, new float[0]).at(16_000).samples().length);
        assertEquals(0.0125, wave.at(16_000).seconds(), 1e-12);
        assertEquals("sample rate 7; expected 100 to 1000000 per second",
                Refusal.messageOf(() -> new Waveform(7, new float[0])));
    }
}
