package s4j.cli;

import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.train.run.RunException;

/**
 * (x − mean) / std for each value of a step.
 *
 * @param mean of each value; empty: values stay as they are
 * @param std of each value
 */
record Normalization(double[] mean, double[] std) {
    /** Values stay as they are. */
    static Normalization none() {
        return new Normalization(new double[0], new double[0]);
    }

    /** What the model's data went through. */
    static Normalization of(ModelFile file, int values) {
        return new Normalization(tensor(file, "data.mean", values), tensor(file, "data.std", values));
    }

    private static double[] tensor(ModelFile file, String name, int values) {
        TensorData tensor = file.tensors().get(name);
        if (tensor == null || (tensor.size() != 1 && tensor.size() != values)) {
            throw new RunException("--normalize: " + name + " in the model file is "
                    + (tensor == null ? "missing" : tensor)
                    + "; expected one number, or one for each of " + values + " values. Give the network's own values"
                    + " without --normalize");
        }
        double[] all = new double[values];
        for (int i = 0; i < values; i++) {
            all[i] = tensor.get(tensor.size() == 1 ? 0 : i);
        }
        return all;
    }

    /** In place. */
    void apply(float[] x) {
        for (int i = 0; i < mean.length; i++) {
            x[i] = (float) ((x[i] - mean[i]) / std[i]);
        }
    }
}
