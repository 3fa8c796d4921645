package s4j.flink.examples;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import s4j.io.ModelFile;
import s4j.io.SafeTensors;
import s4j.predict.InputTransform;
import s4j.predict.Predictor;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;
import s4j.stream.Session;
import s4j.model.TargetSpec;

/** Forecasts of one sensor without an engine. */
final class Plain {
    private Plain() {}

    /** The forecast of each value, made of those before it; the first has none. */
    static List<Double> forecasts(List<Measurement> measurements, Probation probation) throws IOException {
        ModelFile file = ModelFile.of(SafeTensors.fromBytes(Sensors.model(null), "m"), "m");
        S4Model model = S4Model.of(file, "m", ModelOptions.standard());
        Predictor predictor = Predictor.of(file, "m", ModelOptions.standard());
        TargetSpec.Values unit = (TargetSpec.Values) predictor.targets();
        InputTransform transform = predictor.transform();
        Session session = model.newSession();
        Standardise.Moments scale = new Standardise.Moments();
        List<Double> out = new ArrayList<>();
        double next = Double.NaN;
        int i = 0;
        for (Measurement m : measurements) {
            if (i++ < probation.scaling(m.key())) {
                scale.take(m.value());
            }
            out.add(scale.mean + scale.std() * next);
            double z = (m.value() - scale.mean) / scale.std();
            float[] x = {(float) z};
            transform.step(x);
            next = z + unit.restored(session.step(x)[0], 0);
        }
        return out;
    }
}
