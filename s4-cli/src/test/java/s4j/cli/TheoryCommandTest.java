package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.cli.Commands.s4;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.audio.WavFile;
import s4j.audio.Waveform;
import s4j.cli.Commands.Said;

final class TheoryCommandTest {
    @TempDir
    Path tmp;

    @Test
    void signalsComeFromWavAndCsv() throws Exception {
        WavFile.write(tmp.resolve("a.wav"), new Waveform(1000, new float[]{0, 0.5f, -0.5f}));
        Files.writeString(tmp.resolve("a.csv"), "value\n1\n2.5\n-1\n");
        for (String name : new String[]{"a.wav", "a.csv"}) {
            Path out = tmp.resolve(name + ".html");
            Said said = s4("", "theory", "--signal", tmp.resolve(name).toString(), "--out", out.toString());
            assertEquals(0, said.code(), said.err());
            assertTrue(Files.readString(out).contains("\"signal\":["));
        }
    }

    @Test
    void whatIsNoSignalIsSaid() throws Exception {
        Files.writeString(tmp.resolve("a.csv"), "1,2,x");
        Files.writeString(tmp.resolve("b.csv"), "1");
        for (String[] wrong : new String[][]{{"a.csv", "x after 2 numbers"}, {"b.csv", "expected two or more"},
                {"c.csv", "c.csv"}}) {
            Said said = s4("", "theory", "--signal", tmp.resolve(wrong[0]).toString(), "--out",
                    tmp.resolve("x.html").toString());
            assertTrue(said.code() == 2 && said.err().contains(wrong[1]), said.err());
        }
        assertTrue(Files.notExists(tmp.resolve("x.html")));
    }
}
