package s4j.pickle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/** The machine's stack with its marks. */
final class PickleStack {
    private final PickleInput in;
    private final List<@Nullable Object> values = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();

    PickleStack(PickleInput in) { this.in = in; }

    void push(@Nullable Object value) { values.add(value); }

    void mark() { marks.add(values.size()); }

    @Nullable
    Object pop() throws MalformedFileException {
        if (values.size() <= floor()) {
            throw in.malformed("an operation without its operand");
        }
        return values.removeLast();
    }

    @Nullable
    Object top() throws MalformedFileException {
        if (values.size() <= floor()) {
            throw in.malformed("an operation without its operand");
        }
        return values.getLast();
    }

    /** Takes away a mark that stands on top; false where a value does. */
    boolean popsMark() {
        boolean marked = !marks.isEmpty() && marks.getLast() == values.size();
        if (marked) {
            marks.removeLast();
        }
        return marked;
    }

    /** The last {@code n} values, in order. */
    List<@Nullable Object> pop(int n) throws MalformedFileException {
        if (values.size() - n < floor()) {
            throw in.malformed("an operation without its operands");
        }
        return cut(values.size() - n);
    }

    /** Everything above the last mark, in order; the mark goes, too. */
    List<@Nullable Object> popToMark() throws MalformedFileException {
        if (marks.isEmpty()) {
            throw in.malformed("an operation that needs a mark; there is none");
        }
        return cut(marks.removeLast());
    }

    private List<@Nullable Object> cut(int from) {
        List<@Nullable Object> tail = values.subList(from, values.size());
        List<@Nullable Object> out = new ArrayList<>(tail);
        tail.clear();
        return out;
    }

    private int floor() { return marks.isEmpty() ? 0 : marks.getLast(); }
}
