package s4j.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import s4j.flink.StreamOptions.Order;
import s4j.stream.Rates;
import s4j.stream.S4Model;
import s4j.stream.Session;
import s4j.stream.StreamState;

/** What becomes of readings that are bad, late or missing. */
final class StreamRulesTest {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1).setNumberSlotsPerTaskManager(2).build());

    private static Reading at(long time, float... values) { return new Reading("a", time, values); }

    private record Out(Map<String, String> answers, List<BadReading> bad) {}

    private static Out run(List<Reading> readings, StreamOptions options) throws Exception {
        StreamExecutionEnvironment env = Jobs.environment(Jobs.configuration("hashmap"), 1);
        S4Flink.Streams streams = S4Flink.streams(Jobs.of(env, readings), Sensors.model(), options);
        CloseableIterator<Answer> answers = streams.answers().collectAsync();
        CloseableIterator<BadReading> bad = streams.bad().collectAsync();
        env.execute();
        return new Out(Jobs.gathered(answers), Jobs.list(bad));
    }

    @Test
    void badReadingsGoToTheSideOutputAndTheRestGoesOn() throws Exception {
        List<Reading> readings = new ArrayList<>(Sensors.all().subList(0, 120));
        readings.add(3, new Reading(null, 5, new float[]{1, 2}));
        readings.add(9, new Reading("sensor-1", 5, null));
        readings.add(17, new Reading("sensor-2", 5, new float[]{1}));
        readings.add(31, new Reading("sensor-3", 5, new float[]{1, Float.NaN}));
        readings.add(32, new Reading("sensor-3", 6, new float[]{Float.POSITIVE_INFINITY, 1}));
        Out out = run(readings, StreamOptions.STANDARD);
        assertEquals(Sensors.expected(Sensors.all().subList(0, 120), Sensors.model()), out.answers);
        assertEquals(List.of("no key", "no values", "1 values; expected 2", "value 2 is NaN; expected a finite number",
                "value 1 is Infinity; expected a finite number"), out.bad.stream().map(BadReading::reason).toList());
    }

    @Test
    void inArrivalOrderWhatIsOlderThanTheReadingBeforeItIsLate() throws Exception {
        Out out = run(List.of(at(10, 1, 2), at(30, 2, 1), at(20, 9, 9), at(40, 4, 4)), StreamOptions.STANDARD.with(
                Order.ARRIVAL));
        assertEquals(List.of("late: it is older than the reading before it"), out.bad.stream().map(BadReading::reason)
                .toList());
        assertEquals(Sensors.expected(List.of(at(10, 1, 2), at(30, 2, 1), at(40, 4, 4)), Sensors.model()), out.answers);
    }

    /** A watermark right behind each reading. */
    private static final class Strict implements WatermarkGenerator<Reading> {
        @Override
        public void onEvent(Reading r, long time, WatermarkOutput out) { out.emitWatermark(new Watermark(time - 1)); }

        @Override
        public void onPeriodicEmit(WatermarkOutput out) {}
    }

    @Test
    void byEventTimeWhatTheWatermarkHasPassedIsLateAndNotLost() throws Exception {
        StreamExecutionEnvironment env = Jobs.environment(Jobs.configuration("hashmap"), 1);
        List<Reading> readings = List.of(at(10, 1, 2), at(30, 2, 1), at(20, 9, 9), at(40, 4, 4));
        S4Flink.Streams streams = S4Flink.streams(env.fromData(readings, TypeInformation.of(Reading.class))
                .assignTimestampsAndWatermarks(WatermarkStrategy.<Reading>forGenerator(_ -> new Strict())
                        .withTimestampAssigner((r, _) -> r.time())),
                Sensors.model(), StreamOptions.STANDARD);
        CloseableIterator<Answer> answers = streams.answers().collectAsync();
        CloseableIterator<BadReading> bad = streams.bad().collectAsync();
        env.execute();
        assertEquals(List.of("late: the watermark had passed its time 20"), Jobs.list(bad).stream().map(b -> b.reason()
                + " " + b.time()).toList());
        assertEquals(Sensors.expected(List.of(readings.get(0), readings.get(1), readings.get(3)), Sensors.model()), Jobs
                .gathered(answers));
    }

    @Test
    void gapsAreHeldOrForgottenByTheRuleOfTheKey() throws Exception {
        List<Reading> readings = List.of(at(0, 1, 2), at(10, 2, 1), at(50, 3, 3), at(60, 1, 1));
        StreamModel m = StreamModel.of(Sensors.model());
        Session held = m.network().newSession();
        held.step(1, 2);
        held.step(2, 1);
        for (int i = 0; i < 3; i++) {
            held.step(2, 1);
        }
        String then = Sensors.text(m.values(held.step(3, 3), 0));
        Gap hold = new Gap(Gap.Rule.HOLD, 10, 100);
        assertEquals(then, run(readings, StreamOptions.STANDARD.with(key -> hold)).answers.get("a@50"));
        Session anew = m.network().newSession();
        String forgot = Sensors.text(m.values(anew.step(3, 3), 0));
        Gap reset = new Gap(Gap.Rule.RESET, 10, 3);
        assertEquals(forgot, run(readings, StreamOptions.STANDARD.with(key -> reset)).answers.get("a@50"));
        Gap patient = new Gap(Gap.Rule.RESET, 10, 4);
        Map<String, String> plain = run(readings, StreamOptions.STANDARD).answers;
        assertEquals(plain,
                run(readings, StreamOptions.STANDARD.with(key -> key.equals("a") ? patient : reset)).answers);
        assertThrows(IllegalArgumentException.class, () -> new Gap(Gap.Rule.HOLD, 0, 1));
    }

    @Test
    void aGapIsOneStepWithItsOwnDtWhereTheRuleSaysSo() throws Exception {
        StreamModel m = StreamModel.of(Sensors.model());
        Session before = m.network().newSession();
        before.step(1, 2);
        before.step(2, 1);
        S4Model wide = m.at(4);
        StreamState state = Rates.carried(before.state(), m.network(), wide);
        float[] y = new float[m.network().dOutput()];
        wide.step(state, new float[]{3, 3}, y);
        Session after = m.network().session(Rates.carried(state, wide, m.network()));
        Gap scale = new Gap(Gap.Rule.SCALE, 10, 8);
        Map<String, String> out = run(List.of(at(0, 1, 2), at(10, 2, 1), at(50, 3, 3), at(60, 1, 1)),
                StreamOptions.STANDARD
                        .with(key -> scale)).answers;
        assertEquals(Sensors.text(m.values(y, 0)), out.get("a@50"));
        assertEquals(Sensors.text(m.values(after.step(1, 1), 0)), out.get("a@60"));
    }

    @Test
    void valuesTooLargeForANetworkAreBadReadingsAndStopNoJob() throws Exception {
        Out out = run(List.of(at(0, 1, 2), at(5, 1, Float.MAX_VALUE), at(10, 2, 1)), StreamOptions.STANDARD);
        assertEquals(List.of("value 2 is 3.4028235E38; expected a finite number of at most 1e15 when normalised"),
                out.bad
                        .stream().map(BadReading::reason).toList());
        assertEquals(Sensors.expected(List.of(at(0, 1, 2), at(10, 2, 1)), Sensors.model()), out.answers);
    }

    @Test
    void seriesArePredictedInSql() throws Exception {
        StreamExecutionEnvironment env = Jobs.environment(Jobs.configuration("hashmap"), 1);
        StreamTableEnvironment tables = StreamTableEnvironment.create(env);
        tables.createTemporarySystemFunction("s4_predict", new PredictFunction(Sensors.model()));
        StreamModel m = StreamModel.of(Sensors.model());
        Session s = m.network().newSession();
        s.step(1, 2);
        String expected = Sensors.text(m.values(s.step(3, 4), 0));
        List<String> out = new ArrayList<>();
        tables.executeSql(
                "SELECT s4_predict(x) FROM (VALUES (ARRAY[CAST(1 AS FLOAT), 2, 3, 4]), (ARRAY[CAST(1 AS FLOAT)])) AS t(x)")
                .collect().forEachRemaining(row -> out.add(row.getField(0) instanceof Object[] v
                        ? Sensors.text(java.util.Arrays.stream(v).mapToDouble(d -> (Double) d).toArray())
                        : row.getField(0) instanceof double[] d ? Sensors.text(d) : String.valueOf(row.getField(0))));
        assertEquals(List.of(expected, "null"), out.stream().sorted().toList(), "rows of SQL have no order");
    }

    @Test
    void aModelThatDoesNotStreamIsRefusedBeforeTheJobStarts() {
        assertThrows(IllegalArgumentException.class, () -> StreamModel.of(new byte[]{1, 2, 3}));
    }
}
