package s4j.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;

/** A peer that speaks the protocol without doing anything: a shell script. */
final class FakePeer {
    private static final String SCRIPT = """
            how=$1
            case $how in
                absent) echo "absent No module named torch"; exit 0 ;;
                silent) exit 4 ;;
            esac
            echo "ready Fake 1.0, 2 threads"
            while read -r command rest; do
                case $command-$how in
                    prepare-full) echo "error out of memory" ;;
                    prepare-dies) echo "Killed by fate" >&2; exit 3 ;;
                    prepare-slow) exec sleep 60 ;;
                    prepare-odd) echo "what?" ;;
                    prepare-long) echo "ms 40000" ;;
                    prepare-*) echo "ms $how" ;;
                    time-*)
                        out=ms
                        i=0
                        while [ "$i" -lt "$rest" ]; do out="$out $how"; i=$((i + 1)); done
                        echo "$out" ;;
                    memory-*) echo "mb 12.5" ;;
                esac
            done
            """;

    private FakePeer() {}

    /** Takes {@code how} milliseconds for everything, or: absent, silent, full, dies, slow, odd. */
    static Contender named(String name, Path directory, String how, Duration limit, Predicate<Work> part)
            throws IOException {
        Path script = directory.resolve("peer.sh");
        Files.writeString(script, SCRIPT);
        return new Contender(name, _ -> new ProcessBuilder("sh", script.toString(), how), limit, part);
    }
}
