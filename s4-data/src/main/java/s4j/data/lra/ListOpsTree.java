package s4j.data.lra;

import java.util.ArrayList;
import java.util.List;
import s4j.math.SplitMix64;

/** A nested operation on digits, e.g. {@code [MAX 4 [MIN 2 8 ] 9 ]}: an operator with 2 to so many arguments, or a digit. */
sealed interface ListOpsTree {
    /** The value, 0 to 9. */
    int value();

    /** Appends the tokens: digits and operators, {@code ]} behind the last argument. */
    void tokens(List<String> out);

    /** A leaf. */
    record Digit(int value) implements ListOpsTree {
        @Override
        public void tokens(List<String> out) { out.add(Integer.toString(value)); }
    }

    /** An operator and its arguments. */
    record Node(Operator operator, List<ListOpsTree> arguments) implements ListOpsTree {
        @Override
        public int value() {
            return operator.apply(arguments.stream().mapToInt(ListOpsTree::value).sorted().toArray());
        }

        @Override
        public void tokens(List<String> out) {
            out.add(operator.word);
            arguments.forEach(a -> a.tokens(out));
            out.add("]");
        }
    }

    /** What is done with sorted arguments. */
    enum Operator {
        /** The least. */
        MIN("[MIN"),
        /** The greatest. */
        MAX("[MAX"),
        /** The median; of an even number the mean of the two in the middle, without its fraction. */
        MED("[MED"),
        /** The sum modulo 10. */
        SM("[SM");

        private final String word;

        Operator(String word) { this.word = word; }

        private int apply(int[] sorted) {
            int n = sorted.length;
            return switch (this) {
                case MIN -> sorted[0];
                case MAX -> sorted[n - 1];
                case MED -> (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
                case SM -> java.util.Arrays.stream(sorted).sum() % 10;
            };
        }
    }

    /**
     * How trees grow.
     *
     * @param depth of the deepest digits; the root is at 1
     * @param arguments at most, at least 2
     */
    record Growth(int depth, int arguments) {
        private static final double OPERATORS = 0.25;
        private static final List<Operator> OPERATORS_DRAWN = List.of(Operator.values());

        /** Draws a tree; arguments before their operator. */
        ListOpsTree draw(SplitMix64 random, int at) {
            double r = at < depth ? random.nextDouble() : 1;
            if (r > OPERATORS) {
                return new Digit(random.nextInt(10));
            }
            int n = 2 + random.nextInt(arguments - 1);
            List<ListOpsTree> drawn = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                drawn.add(draw(random, at + 1));
            }
            return new Node(OPERATORS_DRAWN.get(random.nextInt(OPERATORS_DRAWN.size())), List.copyOf(drawn));
        }
    }
}
