package s4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import s4j.cli.Commands.Said;
import s4j.io.ModelFile;
import s4j.train.run.Checkpoint;
import s4j.train.run.RunDirectory;

/**
 * A process whose files may not grow beyond some bytes, set by itself before each command ({@code setrlimit}): every writer at
 * several limits. Prints what it found wrong, one line each, then {@code end}.
 */
final class FullDiskCampaign {
    private static final int FILE_SIZE = 1;
    private static final long NONE = -1;
    private static final String OLD = "old";
    /** Bytes by which a page differs from run to run: it shows how long things took. */
    private static final long SPREAD = 64;

    private final Path here;
    private final List<String> wrong = new ArrayList<>();

    private FullDiskCampaign(Path here) { this.here = here; }

    /** Argument: an empty directory. */
    public static void main(String[] args) throws IOException {
        FullDiskCampaign campaign = new FullDiskCampaign(Path.of(args[0]));
        Files.createDirectories(campaign.out());
        for (Writers.Driver driver : Writers.all(campaign.here)) {
            campaign.drive(driver);
        }
        campaign.train();
        campaign.wrong.forEach(System.out::println);
        System.out.println("end");
        System.out.flush();
        Runtime.getRuntime().halt(0); // no library's end is of interest
    }

    private Path out() { return here.resolve("out"); }

    private static Said said(Parts parts, String input, List<String> words) {
        return Commands.s4(parts, input.getBytes(StandardCharsets.US_ASCII), new ByteArrayOutputStream(),
                words.toArray(String[]::new));
    }

    private static Said limited(long bytes, Parts parts, String input, List<String> words) {
        limit(bytes);
        try {
            return said(parts, input, words);
        } finally {
            limit(NONE);
        }
    }

    private void drive(Writers.Driver driver) throws IOException {
        Path file = out().resolve("file");
        Said whole = said(driver.parts(), driver.input(), driver.to(file));
        require(whole.code() == 0 && Files.exists(file), driver, whole);
        long size = Files.exists(file) ? Files.size(file) : 0;
        Files.deleteIfExists(file);
        for (long bytes : new long[]{0, 1, size / 2, size - Math.min(SPREAD, size / 4 + 1)}) {
            for (boolean old : driver.replaces() ? new boolean[]{false, true} : new boolean[]{false}) {
                if (old) {
                    Files.writeString(file, OLD);
                }
                Said said = limited(bytes, driver.parts(), driver.input(), driver.to(file));
                require(said.code() == Failures.FAILED && said.err().contains("cannot write " + file), driver, said);
                require(!said.err().contains("\tat "), driver, said);
                require(old ? files().equals(List.of(file)) && Files.readString(file).equals(OLD) : files().isEmpty(),
                        driver, said);
                Files.deleteIfExists(file);
            }
        }
        Said again = limited(size + SPREAD, driver.parts(), driver.input(), driver.to(file));
        require(again.code() == 0 && files().equals(List.of(file)), driver, again);
        Files.deleteIfExists(file);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(out())) {
            return all.toList();
        }
    }

    private void require(boolean holds, Object what, Said said) {
        if (!holds) {
            wrong.add(what + ": " + said.code() + " " + said.err() + said.out());
        }
    }

    /** What stands under a final name is whole, and with room again the run goes on to the same end. */
    private void train() throws IOException {
        RunDirectory whole = new RunDirectory(here.resolve("whole"));
        require(said(Writers.FAKES, "", List.of(Writers.train(whole.path()))).code() == 0, "train", said(Writers.FAKES,
                "", List.of("train", "--help")));
        long[] sizes = Stream
                .of(whole.config(), whole.metricsCsv(), whole.metricsJsonl(), whole.timingCsv(), whole.best(),
                        whole.model(), whole.card(), whole.report())
                .mapToLong(f -> f.toFile().length()).toArray();
        for (long size : sizes) {
            for (long bytes : new long[]{size - 1, size / 2}) {
                RunDirectory run = new RunDirectory(here.resolve("run-" + bytes));
                Said said = limited(bytes, Writers.FAKES, "", List.of(Writers.train(run.path())));
                require(said.code() != 0 && said.err().contains(run.path().toString()) && !said.err().contains("\tat "),
                        "train with " + bytes, said);
                requireWhole(run, said, bytes);
                List<String> on = Files.exists(run.last())
                        ? List.of("train", "--resume", "run.dir=" + run.path())
                        : Arrays.asList(Writers.train(run.path()));
                Said after = said(Writers.FAKES, "", on);
                require(after.code() == 0 && Files.mismatch(run.metricsCsv(), whole.metricsCsv()) < 0
                        && Files.mismatch(run.model(), whole.model()) < 0, "train after " + bytes, after);
            }
        }
    }

    private void requireWhole(RunDirectory run, Said said, long bytes) throws IOException {
        try (Stream<Path> all = Files.walk(run.path())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = String.valueOf(file.getFileName());
                boolean fine = name.endsWith(".safetensors") && (name.equals("model.safetensors")
                        ? !ModelFile.read(file).tensors().isEmpty()
                        : Checkpoint.read(file).position().step() > 0);
                fine |= name.equals("config.yaml") && Files.readString(file).contains("train:");
                fine |= name.equals("report.html") && Files.readString(file).strip().endsWith("</html>");
                fine |= name.equals("README.md") && Files.readString(file).strip().endsWith("`license` above.");
                fine |= name.startsWith("metrics") || name.startsWith("timing") || name.equals(".lock");
                require(fine, file + " with " + bytes, said);
            }
        }
    }

    @SuppressWarnings("restricted") // a call of the operating system
    private static void limit(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            MemorySegment set = linker.defaultLookup().find("setrlimit").orElseThrow();
            MemorySegment limit = arena.allocate(ValueLayout.JAVA_LONG, 2);
            limit.setAtIndex(ValueLayout.JAVA_LONG, 0, bytes);
            limit.setAtIndex(ValueLayout.JAVA_LONG, 1, NONE);
            int failed = (int) linker.downcallHandle(set, FunctionDescriptor.of(ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS)).invokeExact(FILE_SIZE, limit);
            if (failed != 0) {
                throw new IllegalStateException("setrlimit refused " + bytes);
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
