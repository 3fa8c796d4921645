package s4j.train;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import s4j.model.SequenceBatch;
import s4j.model.SequenceBatch.Context;
import s4j.torch.Learner;
import s4j.torch.Scorer;
import s4j.torch.distributed.Group;

/**
 * A split evaluated by all workers: batch i by worker i modulo their number, and every worker is told what the others found, in the
 * split's order. So the metrics are to the last bit those of one worker. Batches that go on from the one before cannot be shared: rank 0
 * does them all.
 */
final class SharedScorer implements Scorer {
    private final Learner learner;
    private final Group group;
    private final Feed feed;
    private int asked;
    private List<byte[]> round = List.of();

    SharedScorer(Learner learner, Group group, Feed feed) {
        this.learner = learner;
        this.group = group;
        this.feed = feed;
    }

    /** The learner itself where it is alone. */
    static Scorer of(Learner learner, Group group, Feed feed) {
        return group.size() == 1 ? learner : new SharedScorer(learner, group, feed);
    }

    private ByteBuffer answer(SequenceBatch batch, Function<SequenceBatch, byte[]> own) {
        if (batch.context() instanceof Context.Carried) {
            return ByteBuffer.wrap(group.broadcast(group.leads() ? own.apply(batch) : new byte[0]));
        }
        int at = asked % group.size();
        if (at == 0) {
            int mine = asked + group.rank();
            round = group.gather(mine >= feed.count()
                    ? new byte[0]
                    : own.apply(group.leads() ? batch : feed.get(0, mine)));
        }
        asked++;
        return ByteBuffer.wrap(round.get(at));
    }

    @Override
    public float[] predict(SequenceBatch batch) {
        return floats(answer(batch, b -> bytes(new byte[0], learner.predict(b))));
    }

    @Override
    public Learner.Scored score(SequenceBatch batch) {
        ByteBuffer in = answer(batch, b -> {
            Learner.Scored scored = learner.score(b);
            byte[] head = ByteBuffer.allocate(2 * Long.BYTES).putDouble(scored.loss()).putLong(scored.size()).array();
            return bytes(head, scored.outputs());
        });
        double loss = in.getDouble();
        long size = in.getLong();
        return new Learner.Scored(floats(in), loss, size);
    }

    @Override
    public Learner.StepScores scoreSteps(SequenceBatch batch) {
        ByteBuffer in = answer(batch, b -> {
            Learner.StepScores s = learner.scoreSteps(b);
            return ByteBuffer.allocate(6 * Long.BYTES).putLong(s.steps()).putDouble(s.loss()).putLong(s.top1())
                    .putLong(s.top3()).putLong(s.top5()).putLong(s.top10()).array();
        });
        return new Learner.StepScores(in.getLong(), in.getDouble(), in.getLong(), in.getLong(), in.getLong(), in
                .getLong());
    }

    private static byte[] bytes(byte[] head, float[] values) {
        byte[] out = Arrays.copyOf(head, head.length + Float.BYTES * values.length);
        ByteBuffer.wrap(out).position(head.length).asFloatBuffer().put(values);
        return out;
    }

    private static float[] floats(ByteBuffer in) {
        float[] out = new float[in.remaining() / Float.BYTES];
        in.asFloatBuffer().get(out);
        return out;
    }
}
