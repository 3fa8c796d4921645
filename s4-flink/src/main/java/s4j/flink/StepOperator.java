package s4j.flink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import s4j.flink.StreamOptions.NewModel;
import s4j.flink.StreamOptions.Order;
import s4j.stream.NotFiniteException;
import s4j.stream.S4Model;
import s4j.stream.StreamState;

/**
 * Steps streams. Readings gather until there are enough, until the first has waited long enough, or until a watermark or a checkpoint's barrier comes,
 * so that nothing waits when a checkpoint is taken; then the next readings of all keys that have one are stepped together. Streams that were stepped
 * lately are at hand; before a checkpoint those that changed go to the state backend.
 */
final class StepOperator extends AbstractStreamOperator<Answer>
        implements
            OneInputStreamOperator<Reading, Answer>,
            Triggerable<String, VoidNamespace> {
    private static final long serialVersionUID = 1;

    private final byte[] file;
    private final StreamOptions options;
    private final OutputTag<BadReading> bad;
    private transient StreamModel model;
    private transient ValueState<KeyState> kept;
    private transient MapState<Long, List<Reading>> early;
    private transient ListState<Long> watermarks;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient LinkedHashMap<String, LiveStream> live;
    private transient List<Reading> waiting;
    private transient long floor;
    private transient boolean timer;
    private transient Bridge bridge;

    @SuppressWarnings("NullAway") // Flink fills what is transient when it opens the operator
    StepOperator(StreamOperatorParameters<Answer> parameters, byte[] file, StreamOptions options,
            OutputTag<BadReading> bad) {
        super(parameters);
        this.file = file;
        this.options = options;
        this.bad = bad;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        watermarks = context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("s4-watermark",
                Types.LONG));
        floor = Long.MIN_VALUE;
        boolean first = true;
        for (long w : watermarks.get()) {
            floor = first ? w : Math.min(floor, w);
            first = false;
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        model = StreamModel.of(file);
        bridge = new Bridge(model, options.gaps());
        live = new LinkedHashMap<>(16, 0.75f, true);
        waiting = new ArrayList<>();
        kept = getRuntimeContext().getState(new ValueStateDescriptor<>("s4-stream", KeyStateSerializer.of(model
                .network(), options.newModel())));
        early = getRuntimeContext().getMapState(new MapStateDescriptor<>("s4-early", Types.LONG, Types.LIST(
                TypeInformation.of(Reading.class))));
        timers = getInternalTimerService("s4-timers", VoidNamespaceSerializer.INSTANCE, this);
    }

    @Override
    public void processElement(StreamRecord<Reading> element) throws Exception {
        Reading r = element.getValue();
        if (options.order() == Order.ARRIVAL) {
            take(r);
            return;
        }
        if (r.time() <= Math.max(floor, timers.currentWatermark())) {
            late(r, "the watermark had passed its time");
            return;
        }
        List<Reading> same = early.get(r.time());
        List<Reading> all = same == null ? new ArrayList<>() : new ArrayList<>(same);
        all.add(r);
        early.put(r.time(), all);
        timers.registerEventTimeTimer(VoidNamespace.INSTANCE, r.time());
    }

    private void late(Reading r, String why) {
        output.collect(bad, new StreamRecord<>(BadReading.of(r, "late: " + why), r.time()));
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> due) throws Exception {
        List<Reading> readings = early.get(due.getTimestamp());
        early.remove(due.getTimestamp());
        if (readings != null) {
            for (Reading r : readings) {
                take(r);
            }
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> due) {
        throw new IllegalStateException("no such timer is set");
    }

    private void take(Reading r) throws Exception {
        waiting.add(r);
        if (waiting.size() >= options.batch()) {
            flush();
        } else if (!timer) {
            timer = true;
            long now = getProcessingTimeService().getCurrentProcessingTime();
            var _ = getProcessingTimeService().registerTimer(now + options.latency(), _ -> {
                timer = false;
                flush();
            });
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (timeServiceManager != null) {
            timeServiceManager.advanceWatermark(mark);
        }
        flush();
        output.emitWatermark(mark);
    }

    /** Steps all that waits: first the first reading of each key, then the second, and so on. */
    private void flush() throws Exception {
        while (!waiting.isEmpty()) {
            Map<String, Reading> round = new LinkedHashMap<>();
            List<Reading> rest = new ArrayList<>();
            for (Reading r : waiting) {
                if (round.putIfAbsent(key(r), r) != null) {
                    rest.add(r);
                }
            }
            waiting = rest;
            step(round);
        }
        trim();
    }

    private static String key(Reading r) { return Objects.requireNonNull(r.key()); }

    private void step(Map<String, Reading> round) throws Exception {
        Map<Reading, LiveStream> streams = new LinkedHashMap<>();
        for (Reading r : round.values()) {
            LiveStream s = stream(key(r));
            if (r.time() < s.time) {
                late(r, "it is older than the reading before it");
            } else {
                Bridge.Scaled over = bridge.over(s, r);
                if (over == null) {
                    streams.put(r, s);
                } else {
                    tell(r, s, over.finite(), over.y(), 0);
                }
            }
        }
        if (streams.isEmpty()) {
            return;
        }
        S4Model network = model.network();
        int in = network.dInput();
        float[] x = new float[streams.size() * in];
        float[] y = new float[streams.size() * network.dOutput()];
        int i = 0;
        for (Reading r : streams.keySet()) {
            model.input(Objects.requireNonNull(r.values()), x, in * i++);
        }
        List<StreamState> states = streams.values().stream().map(s -> s.state).toList();
        boolean finite = true;
        try {
            network.step(states, x, y);
        } catch (NotFiniteException e) {
            finite = false;
        }
        i = 0;
        for (Map.Entry<Reading, LiveStream> each : streams.entrySet()) {
            tell(each.getKey(), each.getValue(), finite || sound(each.getValue()), y, i++ * network.dOutput());
        }
    }

    private boolean sound(LiveStream s) {
        try {
            return model.network().session(s.state).sound();
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private void tell(Reading r, LiveStream s, boolean sound, float[] y, int at) {
        s.time = r.time();
        s.last = Objects.requireNonNull(r.values());
        s.changed = true;
        if (sound) {
            output.collect(new StreamRecord<>(new Answer(key(r), r.time(), model.values(y, at)), r.time()));
        } else {
            s.state.reset();
            output.collect(bad,
                    new StreamRecord<>(BadReading.of(r, "the model's output is not finite; the stream begins anew"), r
                            .time()));
        }
    }

    private LiveStream stream(String key) throws Exception {
        LiveStream s = live.get(key);
        if (s == null) {
            setCurrentKey(key);
            KeyState before = kept.value();
            s = before == null
                    ? LiveStream.fresh(model.network())
                    : LiveStream.of(before, model.network(), options.newModel() == NewModel.RESET);
            live.put(key, s);
        }
        return s;
    }

    /** Streams at hand now. */
    int atHand() { return live.size(); }

    /** Streams that were not stepped lately go to the state backend. */
    private void trim() throws Exception {
        Iterator<Map.Entry<String, LiveStream>> oldest = live.entrySet().iterator();
        for (int n = live.size() - options.cached(); n > 0; n--) {
            Map.Entry<String, LiveStream> one = oldest.next();
            keep(one.getKey(), one.getValue());
            oldest.remove();
        }
    }

    private void keep(String key, LiveStream s) throws Exception {
        if (s.changed) {
            setCurrentKey(key);
            kept.update(s.kept());
            s.changed = false;
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) throws Exception {
        super.prepareSnapshotPreBarrier(checkpoint);
        flush();
        for (Map.Entry<String, LiveStream> each : new HashMap<>(live).entrySet()) {
            keep(each.getKey(), each.getValue());
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        watermarks.update(List.of(Math.max(floor, timers.currentWatermark())));
    }

    @Override
    public void finish() throws Exception {
        flush();
        super.finish();
    }
}
