package com.example;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import s4j.predict.Predictor;
import s4j.predict.Predictor.Ranked;

/** Classifies a series with a model that {@code ./s4 train} left: nothing but its file is needed. */
public final class Drawings {
    /** Arguments: a model file, then the values of a series. */
    public static void main(String[] args) throws IOException {
        Predictor predictor = Predictor.load(Path.of(args[0]));
        float[][] series = new float[args.length - 1][1];
        for (int t = 0; t < series.length; t++) {
            series[t][0] = Float.parseFloat(args[t + 1]);
        }
        List<Ranked> classes = predictor.classify(series);
        classes.forEach(c -> System.out.printf("%s %.3f%n", c.name(), c.probability()));
    }
}
