package s4j.spark;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** {@link S4Spark#transform} as a stage of a Pipeline, saved with its model file. */
public final class S4Transformer extends Transformer implements MLWritable {
    private static final long serialVersionUID = 1;
    private static final String FILE = "model.safetensors";

    private final String uid;
    private final byte[] model;
    private final Param<String> inputCol;
    private final Param<String> outputCol;

    /** Of a model file's bytes, reading {@code values} and adding {@code predicted}. */
    public S4Transformer(byte[] model) {
        this(Identifiable.randomUID("s4"), model);
    }

    private S4Transformer(String uid, byte[] model) {
        this.uid = uid;
        this.model = model.clone();
        this.inputCol = new Param<>(uid, "inputCol", "column of series, arrays of numbers");
        this.outputCol = new Param<>(uid, "outputCol", "column of predictions");
        setDefault(inputCol, "values");
        setDefault(outputCol, "predicted");
    }

    @Override
    public String uid() { return uid; }

    /** The column of series. */
    public Param<String> inputCol() { return inputCol; }

    /** The column to add. */
    public Param<String> outputCol() { return outputCol; }

    /** Reads another column. */
    public S4Transformer setInputCol(String name) {
        set(inputCol, name);
        return this;
    }

    /** Adds another column. */
    public S4Transformer setOutputCol(String name) {
        set(outputCol, name);
        return this;
    }

    @Override
    public Dataset<Row> transform(Dataset<?> data) {
        return S4Spark.transform(data.toDF(), model, getOrDefault(inputCol), getOrDefault(outputCol));
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return S4Spark.schema(schema, Scorer.of(model), getOrDefault(inputCol), getOrDefault(outputCol));
    }

    @Override
    public S4Transformer copy(ParamMap extra) { return copyValues(new S4Transformer(uid, model), extra); }

    @Override
    public MLWriter write() { return new Writer(this); }

    /** For {@code PipelineModel.load}, which looks for it by this name. */
    public static MLReader<S4Transformer> read() {
        return new Reader();
    }

    /** One that was saved. */
    public static S4Transformer load(String path) { return read().load(path); }

    private static Path file(String directory) { return new Path(directory, FILE); }

    private static final class Writer extends MLWriter {
        private final S4Transformer instance;

        Writer(S4Transformer instance) { this.instance = instance; }

        @Override
        public void saveImpl(String path) {
            DefaultParamsWriter.saveMetadata(instance, path, sparkSession());
            Path file = file(path);
            try (FSDataOutputStream out = file.getFileSystem(sparkSession().sparkContext().hadoopConfiguration())
                    .create(file, true)) {
                out.write(instance.model);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class Reader extends MLReader<S4Transformer> {
        @Override
        public S4Transformer load(String path) {
            DefaultParamsReader.Metadata metadata = DefaultParamsReader.loadMetadata(path, sparkSession(),
                    S4Transformer.class.getName());
            Path file = file(path);
            try (FSDataInputStream in = file.getFileSystem(sparkSession().sparkContext().hadoopConfiguration()).open(
                    file)) {
                S4Transformer out = new S4Transformer(metadata.uid(), in.readAllBytes());
                metadata.getAndSetParams(out, scala.Option.empty());
                return out;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
            }
        }
    }
}
