package s4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import s4j.cli.Commands.Said;
import s4j.testkit.TorchFile;

/** Small inputs that once took gigabytes, one after the other in one process; prints {@code NAME: CODE} of each, and why not. */
final class SmallHeapCampaign {
    private final Path here;

    private SmallHeapCampaign(Path here) { this.here = here; }

    /** Argument: an empty directory. */
    public static void main(String[] args) throws IOException {
        SmallHeapCampaign c = new SmallHeapCampaign(Path.of(args[0]));
        for (int depth : new int[]{2_000, 100_000}) {
            byte[] pickle = nested(depth);
            Path file = Files.write(c.here.resolve("chain.pth"), TorchFile.zip(Map.of("a/data.pkl", pickle)));
            c.say("nested " + depth, "", "import", file.toString(), "--out",
                    c.here.resolve("m.safetensors").toString());
        }
        for (long length : new long[]{Integer.MAX_VALUE, Long.MAX_VALUE, -2, 0}) {
            String model = c.model("length", HandMade.s4(1, 4, length));
            for (String command : new String[]{"eval", "verify", "stream"}) {
                c.say(command + " l_kernel " + length, "1\n", command, model);
            }
        }
        String wide = c.model("wide", HandMade.s4(4_000, 4, 64));
        c.say("one long number", "1".repeat(244_000), "stream", wide);
        c.say("many long numbers", ("1".repeat(60) + ",").repeat(4_000) + "1\n", "stream", wide);
        for (int states : new int[]{512, 1_024, 3_200}) {
            c.say("d_state " + states, "", "verify", c.model("states", HandMade.s4(1, states, 64)), "--steps", "100");
        }
        for (int pool : new int[]{65_536, 1_024}) {
            c.say("pool " + pool, "1\n2\n3\n", "stream", c.model("pool", HandMade.sashimi(pool)));
        }
        Path word = c.here.resolve("word.safetensors");
        HandMade.longWord(word, 50_000_000);
        c.say("word of 50 MB", "", "verify", word.toString());
        System.out.flush();
    }

    private String model(String name, s4j.io.ModelFile file) throws IOException {
        Path path = here.resolve(name + ".safetensors");
        file.write(path);
        return path.toString();
    }

    private void say(String name, String input, String... words) {
        Said said = Commands.s4(Parts.standard(), input.getBytes(StandardCharsets.US_ASCII),
                new ByteArrayOutputStream(),
                words);
        String err = said.err().length() > 2_000 ? said.err().substring(0, 2_000) : said.err();
        boolean fine = !err.contains("\tat ") && !err.contains("out of memory") && said.err().length() <= 2_000;
        System.out.println(name + ": " + said.code() + (fine ? "" : " " + err.replace('\n', ' ')));
    }

    /** Dictionaries one in another, all under one long key. */
    private static byte[] nested(int depth) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[]{(byte) 0x80, 2, 'X'});
        out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(depth).array());
        out.writeBytes("k".repeat(depth).getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(new byte[]{'q', 0, '0', '}'});
        for (int i = 0; i < depth; i++) {
            out.writeBytes(new byte[]{'h', 0, '}'});
        }
        out.writeBytes("s".repeat(depth).getBytes(StandardCharsets.US_ASCII));
        out.write('.');
        return out.toByteArray();
    }
}
