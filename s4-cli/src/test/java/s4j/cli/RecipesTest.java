package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.cli.Commands.Said;

/** Each file of {@code configs/experiment} for forecasting, long ranges and language takes a step, made narrow, on made-up data. */
final class RecipesTest {
    private static final Path CONFIGS = Path.of("../configs");

    @TempDir
    static Path data = Path.of("");

    @TempDir
    Path tmp = Path.of("");

    @BeforeAll
    static void files() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        for (String name : List.of("ett/ETTh1", "ett/ETTh2")) {
            table(name, "date,HUFL,OT", 14_400, random);
        }
        for (String name : List.of("ett/ETTm1", "ett/ETTm2")) {
            table(name, "date,HUFL,OT", 57_600, random);
        }
        for (String name : List.of("weather-ili-exchange/WTH", "weather-ili-exchange/weather",
                "weather-ili-exchange/exchange_rate", "weather-ili-exchange/national_illness", "ecl/ECL",
                "traffic/traffic")) {
            table(name, "date,a,OT", 4000, random);
        }
        write("text/tinyshakespeare.txt", words(20_000, random));
        for (String split : List.of("train", "valid", "test")) {
            write("wt103/wiki." + split + ".tokens", words(1000, random));
        }
        for (String split : List.of("train", "test")) {
            StringBuilder tsv = new StringBuilder("label\ttext\n");
            for (int i = 0; i < 20; i++) {
                tsv.append(i % 2).append('\t').append(words(8 + i, random).replace('\n', ' ')).append('\n');
            }
            write("imdb/imdb-" + split + ".tsv", tsv.toString());
        }
        for (String split : List.of("train", "eval", "test")) {
            StringBuilder tsv = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                tsv.append(i % 2).append("\ta\tb\t").append(words(6 + i, random).replace('\n', ' ')).append('\t')
                        .append(words(
                                5, random).replace('\n', ' '))
                        .append('\n');
            }
            write("aan/new_aan_pairs." + split + ".tsv", tsv.toString());
        }
        for (String split : List.of("TRAIN", "TEST")) {
            StringBuilder ts = new StringBuilder("""
                    @problemName BIDMC32HR
                    @timeStamps false
                    @missing false
                    @univariate false
                    @dimensions 2
                    @equalLength true
                    @seriesLength 40
                    @targetlabel true
                    @data
                    """);
            for (int i = 0; i < 12; i++) {
                ts.append(signal(40, random)).append(':').append(signal(40, random)).append(':').append(60 + i)
                        .append('\n');
            }
            write("BIDMC32HR_" + split + ".ts", ts.toString());
        }
        for (String file : List.of("data_batch_1", "test_batch")) {
            byte[] images = new byte[40 * 3073];
            random.nextBytes(images);
            for (int i = 0; i < 40; i++) {
                images[i * 3073] = (byte) (i % 10);
            }
            Files.write(folder("cifar10/cifar-10-batches-bin/" + file + ".bin"), images);
        }
    }

    private static Path folder(String file) throws IOException {
        Path path = data.resolve(file);
        Files.createDirectories(path.resolveSibling("."));
        return path;
    }

    private static void write(String file, String text) throws IOException { Files.writeString(folder(file), text); }

    private static String words(int n, SplittableRandom random) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < n; i++) {
            out.append((char) ('a' + random.nextInt(26))).append(i % 3).append(i % 11 == 10 ? '\n' : ' ');
        }
        return out.toString();
    }

    private static String signal(int n, SplittableRandom random) {
        return String.join(",",
                java.util.stream.IntStream.range(0, n).mapToObj(i -> "0." + random.nextInt(100)).toList());
    }

    private static void table(String name, String header, int rows, SplittableRandom random) throws IOException {
        StringBuilder out = new StringBuilder(header).append('\n');
        java.time.LocalDateTime start = java.time.LocalDateTime.of(2016, 7, 1, 0, 0);
        for (int t = 0; t < rows; t++) {
            out.append(start.plusMinutes(60L * t).toString().replace('T', ' ')).append(":00,").append(random
                    .nextInt(100)).append(',').append(Math.round(1000 * Math.sin(t * 0.26)) / 100.0).append('\n');
        }
        write(name + ".csv", out.toString());
    }

    static List<String> recipes() throws IOException {
        List<String> out = new ArrayList<>();
        for (String group : List.of("forecasting", "lra", "lm", "bidmc", "synthetic")) {
            try (Stream<Path> files = Files.list(CONFIGS.resolve("experiment").resolve(group))) {
                files.map(f -> group + "/" + f.getFileName().toString().replace(".yaml", "")).sorted()
                        .forEach(out::add);
            }
        }
        return out;
    }

    /** What makes the data of a recipe small. */
    private static List<String> smaller(String recipe) {
        return switch (recipe) {
            case "lra/s4-listops" -> List.of("dataset.min_length=10", "dataset.max_length=40", "dataset.train_size=8",
                    "dataset.val_size=4", "dataset.test_size=4");
            case "lra/s4-pathfinder", "lra/s4-pathx" -> List.of("dataset.train_size=4", "dataset.val_size=2",
                    "dataset.test_size=2");
            case String name when name.startsWith("forecasting/") ->
                List.of("dataset.size=[48,0,12]", "loader.batch_size_eval=2");
            case String name when name.startsWith("synthetic/") -> List.of("dataset.train_size=4", "dataset.val_size=2",
                    "dataset.test_size=2");
            case "lra/s4-aan" -> List.of("dataset.l_max=60");
            case "lm/s4-wt103" -> List.of("encoder.cutoffs=[5,20]", "loader.l_max=32");
            case "lm/s4d-shakespeare" -> List.of("loader.l_max=32");
            default -> List.of();
        };
    }

    private Said step(String choice, List<String> more) {
        List<String> words = new ArrayList<>(List.of("train", choice, "dataset.data_dir=" + data, "model.d_model=16",
                "model.n_layers=1", "trainer.max_epochs=1", "trainer.limit_train_batches=1",
                "trainer.limit_val_batches=1", "trainer.limit_test_batches=1", "loader.batch_size=2",
                "trainer.device=cpu", "run.dir=" + tmp.resolve("run")));
        words.addAll(more);
        return Commands.s4("", words.toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void takesAStepAndLeavesAModel(String recipe) {
        Said said = step("experiment=" + recipe, smaller(recipe));
        assertEquals(0, said.code(), said.err());
        assertTrue(Files.exists(tmp.resolve("run/model.safetensors")), said.out());
        assertTrue(said.lastLine().startsWith("test "), said.out());
    }

    /** The set is chosen by the official word. */
    @ParameterizedTest
    @ValueSource(strings = {"exchange", "ili"})
    void informersPipelineTakesEachOfItsSets(String set) {
        Said said = step("pipeline=informer", List.of("dataset=" + set, "dataset.size=[48,0,12]", "model=s4d"));
        assertEquals(0, said.code(), said.err());
        assertTrue(said.out().contains("windows") || said.out().contains("sequences of"), said.out());
    }

    @Test
    void wavesAreReconstructed() {
        Said said = step("pipeline=reconstruct", List.of("dataset.length=64", "dataset.lag=16", "dataset.train_size=8",
                "dataset.val_size=4", "dataset.test_size=4", "model=s4d"));
        assertEquals(0, said.code(), said.err());
    }
}
