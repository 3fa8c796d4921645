package s4j.data.lra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.data.Dataset;
import s4j.io.MalformedFileException;
import s4j.model.SequenceBatch;

/** Generated operations on digits, against an evaluator that knows only their tokens. */
final class ListOpsTest {
    @TempDir
    Path dir = Path.of("");

    private static final int FIRST_OPERATOR = 11;
    private static final int CLOSE = 15;

    private static ListOpsConfig config(@Nullable String path, int min, int max, int train) {
        return new ListOpsConfig("listops", path, min, max, 10, 10, train, 20, 20, 2048, 3, null);
    }

    /** A stack machine. */
    private static int evaluated(float[] tokens, int length) {
        Deque<List<Integer>> stack = new ArrayDeque<>();
        stack.push(new ArrayList<>());
        for (int t = 0; t < length; t++) {
            int token = (int) tokens[t];
            if (token < FIRST_OPERATOR) {
                stack.peek().add(token - 1);
            } else if (token < CLOSE) {
                stack.push(new ArrayList<>(List.of(token)));
            } else {
                List<Integer> all = stack.pop();
                int operator = all.removeFirst();
                Collections.sort(all);
                assertTrue(all.size() >= 2 && all.size() <= 10, "arguments " + all.size());
                int n = all.size();
                stack.peek().add(switch (operator) {
                    case FIRST_OPERATOR -> all.getFirst();
                    case FIRST_OPERATOR + 1 -> all.getLast();
                    case FIRST_OPERATOR + 2 -> n % 2 == 1
                            ? all.get(n / 2)
                            : (int) ((all.get(n / 2 - 1) + all.get(n / 2)) / 2.0);
                    default -> all.stream().mapToInt(Integer::intValue).sum() % 10;
                });
            }
        }
        assertEquals(1, stack.size(), "every bracket is closed");
        assertEquals(1, stack.peek().size());
        return stack.peek().getFirst();
    }

    @Test
    void theFirstThousandEvaluateAndAreDistinctAndOfTheirLengths() throws IOException {
        Dataset data = config(null, 50, 300, 1000).load(s -> {});
        Set<String> seen = new HashSet<>();
        int[] classes = new int[10];
        for (int i = 0; i < data.train().size(); i++) {
            SequenceBatch one = data.train().batch(new int[]{i});
            assertTrue(one.length() > 50 && one.length() < 300, "length " + one.length());
            assertEquals(evaluated(one.x(), one.length()), one.classes()[0], "example " + i);
            assertTrue(seen.add(Arrays.toString(one.x())), "twice: " + i);
            classes[one.classes()[0]]++;
        }
        assertTrue(Arrays.stream(classes).allMatch(n -> n > 20), "each class occurs: " + Arrays.toString(classes));
        assertEquals(16, data.dInput());
    }

    @Test
    void aSeedGivesTheSameBytesAndTheTestDoesNotDependOnTheTraining() throws IOException {
        Dataset a = config(null, 20, 100, 30).load(s -> {});
        Dataset b = config(null, 20, 100, 30).load(s -> {});
        Dataset c = config(null, 20, 100, 60).load(s -> {});
        assertEquals(a.hash(), b.hash());
        int[] all = {0, 5, 19};
        assertEquals(Arrays.toString(a.test().batch(all).x()), Arrays.toString(c.test().batch(all).x()));
        assertFails(IllegalArgumentException.class, () -> config(null, 20, 21, 3), "max_length: got 21");
    }

    @Test
    void theArchivesFilesAreRead() throws IOException {
        for (String split : List.of("train", "val", "test")) {
            Files.writeString(dir.resolve("basic_" + split + ".tsv"),
                    "Source\tTarget\n( ( ( [MAX 2 ) 9 ) ] )\t9\n( ( ( ( [MED 1 ) ( ( ( [SM 7 ) 6 ) ] ) ) 4 ) ] )\t3\n");
        }
        Dataset data = config(dir.toString(), 500, 2000, 3).load(s -> {});
        assertEquals(2, data.train().size());
        SequenceBatch second = data.train().batch(new int[]{1});
        assertEquals(evaluated(second.x(), second.length()), second.classes()[0]);
        Files.writeString(dir.resolve("basic_val.tsv"), "Source\tTarget\n[MAX 2 x ]\t9\n");
        assertFails(MalformedFileException.class, () -> config(dir.toString(), 500, 2000, 3).load(s -> {}),
                "basic_val.tsv, line 2: token 3 is x");
        Files.writeString(dir.resolve("basic_val.tsv"), "Source\tTarget\n[MAX 2 3 ]\n");
        assertFails(MalformedFileException.class, () -> config(dir.toString(), 500, 2000, 3).load(s -> {}),
                "line 2: expected an expression, a tab and a digit");
    }
}
