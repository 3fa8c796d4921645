package s4j.stream;

import s4j.model.EncoderConfig;
import s4j.model.NetworkConfig;
import s4j.stream.Linear.Side;
import org.jspecify.annotations.Nullable;

/** From values {@code [row, d]} (or tokens {@code [row, 1]}) to padded features. */
final class Encoder {
    private final int inputs;
    private final int tokens;
    private final int h;
    private final int stride;
    private final @Nullable Linear linear;
    private final float[] table;
    /** Rows of the classes; none where sequences are told nothing. */
    private final float[] classes;
    private final @Nullable AdaptiveTables clusters;

    Encoder(NetworkConfig config, Weights weights, Build build) {
        EncoderConfig.Kind kind = config.encoder().name();
        int dInput = config.dInput();
        this.h = config.model().dModel();
        this.stride = Padding.stride(h);
        this.tokens = dInput;
        this.clusters = kind == EncoderConfig.Kind.ADAPTIVE ? new AdaptiveTables(config.clusters(), weights) : null;
        if (kind == EncoderConfig.Kind.ID && dInput != h) {
            throw new IllegalArgumentException("encoder id passes " + dInput + " values a step, the model has d_model "
                    + h + "; expected equal numbers");
        }
        this.inputs = config.encoder().tokens() ? 1 : dInput;
        this.linear = kind == EncoderConfig.Kind.LINEAR
                ? Linear.load(weights, "encoder.0", Side.plain(h), Side.plain(dInput), build.backend())
                : null;
        this.table = kind == EncoderConfig.Kind.EMBEDDING
                ? weights.floats("encoder.0.weight", dInput, h)
                : new float[0];
        int told = config.encoder().rows();
        this.classes = told == 0 ? new float[0] : weights.floats("encoder.0.classes.weight", told, h);
        for (int i = 0; config.decoder().tied() && i < table.length; i++) { // small enough to be the decoder's weights too
            table[i] *= (float) Math.sqrt(h);
        }
    }

    /** Floats of a row of features. */
    int stride() { return stride; }

    /** Values of a step. */
    int inputs() { return inputs; }

    /** Rows of x from {@code xAt} to rows of y from {@code yAt}, in floats. */
    void rows(float[] x, int xAt, int rows, float[] y, int yAt, Scratch scratch) {
        if (linear != null) {
            linear.apply(x, xAt, inputs, rows, y, yAt, scratch);
            return;
        }
        for (int r = 0; r < rows; r++) {
            if (clusters != null) {
                clusters.embed(token(x[xAt + r]), y, yAt + r * stride);
            } else if (table.length == 0) {
                System.arraycopy(x, xAt + r * h, y, yAt + r * stride, h);
            } else {
                look(token(x[xAt + r]), y, yAt + r * stride);
            }
        }
        Padding.clear(y, yAt, rows, h, stride);
    }

    private void look(int token, float[] y, int at) {
        System.arraycopy(table, token % tokens * h, y, at, h);
        int row = token / tokens * h;
        for (int i = 0; i < h && classes.length > 0; i++) {
            y[at + i] += classes[row + i];
        }
    }

    private int token(float value) {
        int token = (int) value;
        int most = classes.length == 0 ? tokens : tokens * (classes.length / h);
        if (token != value || token < 0 || token >= most) {
            throw new IllegalArgumentException(
                    "token " + value + "; expected a whole number from 0 to " + (most - 1));
        }
        return token;
    }
}
