package s4j.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.MalformedFileException;

/** Sound of any format. */
final class SoundFileTest {
    @TempDir
    Path dir = Path.of("");

    private static byte[] written(AudioFileFormat.Type type, int channels, float... samples) throws IOException {
        byte[] pcm = new byte[samples.length * 2];
        for (int i = 0; i < samples.length; i++) {
            short s = WavFile.pcm16(samples[i]);
            pcm[2 * i] = (byte) (s >> 8);
            pcm[2 * i + 1] = (byte) s;
        }
        AudioFormat big = new AudioFormat(AudioFormat.Encoding.PCM_SIGNED, 8000, 16, channels, 2 * channels, 8000,
                true);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AudioSystem.write(new AudioInputStream(new ByteArrayInputStream(pcm), big, samples.length / channels), type,
                out);
        return out.toByteArray();
    }

    @Test
    void wavIsReadByItsContentWhateverItsName() throws IOException {
        Path file = dir.resolve("a.sound");
        WavFile.write(file, new Waveform(8000, new float[]{0.5f, -0.25f}));
        assertArrayEquals(new float[]{0.5f, -0.25f}, SoundFile.read(file).samples());
    }

    @Test
    void aiffAndAuAreReadByTheJdkAndChannelsAveraged() throws IOException {
        for (AudioFileFormat.Type type : new AudioFileFormat.Type[]{AudioFileFormat.Type.AIFF,
                AudioFileFormat.Type.AU}) {
            Path file = Files.write(dir.resolve("x." + type.getExtension()), written(type, 2, 0.5f, 0.25f, -1, 0));
            Waveform read = SoundFile.read(file);
            assertEquals(8000, read.sampleRate());
            assertArrayEquals(new float[]{0.375f, -0.5f}, read.samples(), type.toString());
        }
    }

    @Test
    void whatNothingReadsIsRefusedWithHowToConvertIt() throws IOException {
        byte[] mp3 = new byte[400];
        Arrays.fill(mp3, (byte) 7);
        System.arraycopy("ID3".getBytes(StandardCharsets.US_ASCII), 0, mp3, 0, 3);
        assertFails(MalformedFileException.class, () -> SoundFile.fromBytes(mp3, "song.mp3"), "song.mp3",
                "reads mp3", "ffmpeg -i IN -ac 1 OUT.wav", "S4_CLASSPATH");
        byte[] flac = "fLaC and then nothing that is any".getBytes(StandardCharsets.US_ASCII);
        assertFails(MalformedFileException.class, () -> SoundFile.fromBytes(flac, "x.flac"), "x.flac: flac: got",
                "expected a whole file");
        assertFails(MalformedFileException.class, () -> SoundFile.fromBytes(new byte[0], "x.wav"), "empty");
        Path empty = Files.write(dir.resolve("e.wav"), new byte[0]);
        assertFails(MalformedFileException.class, () -> SoundFile.read(empty), "e.wav", "empty");
        assertFails(MalformedFileException.class, () -> SoundFile.fromBytes(new byte[]{1, 2, 3}, "x.wav"), "x.wav",
                "wav");
    }

    @Test
    void namesOfSoundAreThoseThatMayBeSound() {
        assertTrue(SoundFile.named("a/B.WAV") && SoundFile.named("x.flac") && SoundFile.named("x.mp3"));
        assertTrue(!SoundFile.named("x.txt") && !SoundFile.named("wav"));
    }
}
