package s4j.flink;

import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.util.OutputTag;

/** Makes a {@link StepOperator} at each subtask. */
final class StepOperatorFactory extends AbstractStreamOperatorFactory<Answer>
        implements
            OneInputStreamOperatorFactory<Reading, Answer> {
    private static final long serialVersionUID = 1;

    private final byte[] model;
    private final StreamOptions options;
    private final OutputTag<BadReading> bad;

    StepOperatorFactory(byte[] model, StreamOptions options, OutputTag<BadReading> bad) {
        this.model = model;
        this.options = options;
        this.bad = bad;
        setChainingStrategy(ChainingStrategy.ALWAYS);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends StreamOperator<Answer>> T createStreamOperator(StreamOperatorParameters<Answer> parameters) {
        return (T) new StepOperator(parameters, model, options, bad);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) { return StepOperator.class; }
}
