package s4j.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import s4j.data.forecast.ForecastStream;
import s4j.io.MalformedFileException;

/**
 * Observations in, forecasts out: after each line what follows it, written before the next one is waited for.
 *
 * @param stream has seen the past
 * @param pipes where lines come from and forecasts go to
 */
record ForecastPipe(ForecastStream stream, Pipes pipes) {
    /** Until input ends, or nobody reads the output. */
    void run(String header) throws IOException {
        var in = new BufferedReader(new InputStreamReader(pipes.in(), StandardCharsets.UTF_8));
        try {
            write(header);
            long number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                if (!line.isBlank()) {
                    write(rows(stream.next(values(line, number))));
                }
            }
        } catch (IOException e) {
            if (!Pipes.closed(e)) {
                throw e;
            }
        }
    }

    private void write(String text) throws IOException {
        pipes.out().write(text.getBytes(StandardCharsets.UTF_8));
        pipes.out().flush();
    }

    private float[] values(String line, long number) throws MalformedFileException {
        String[] cells = line.split(",", -1);
        if (cells.length != stream.channels()) {
            throw refused(number, cells.length + " values", stream.channels() + ", with commas between");
        }
        float[] out = new float[cells.length];
        for (int i = 0; i < out.length; i++) {
            String cell = cells[i].strip();
            try {
                out[i] = cell.isEmpty() || cell.equalsIgnoreCase("nan") ? Float.NaN : Float.parseFloat(cell);
            } catch (NumberFormatException e) {
                throw refused(number, cell, "a number");
            }
            if (Float.isInfinite(out[i])) {
                throw refused(number, cell, "a finite number");
            }
        }
        return out;
    }

    private static MalformedFileException refused(long line, String got, String expected) {
        return new MalformedFileException(
                "standard input, line %d: got %s; expected %s".formatted(line, got, expected));
    }

    private String rows(ForecastStream.Ahead ahead) {
        StringBuilder out = new StringBuilder();
        for (int c = 0; c < ahead.mean().length; c++) {
            for (int h = 0; h < ahead.mean()[c].length; h++) {
                out.append(ForecastCommand.quoted(stream.ids().get(c))).append(',')
                        .append(ForecastCommand.quoted(stream.stamp(h))).append(',').append((float) ahead.mean()[c][h]);
                for (double[] level : ahead.quantiles()[c]) {
                    out.append(',').append((float) level[h]);
                }
                out.append('\n');
            }
        }
        return out.toString();
    }
}
