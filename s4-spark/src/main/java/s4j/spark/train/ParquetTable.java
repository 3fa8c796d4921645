package s4j.spark.train;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import s4j.data.table.Table;
import s4j.io.MalformedFileException;

/** Rows of a Parquet file, or of the files of a folder in the order of their names, from any file system that Hadoop knows. */
final class ParquetTable implements Table {
    private final String name;
    private final Deque<Path> files;
    private final Configuration hadoop;
    private final List<Column> columns;
    private @Nullable ParquetReader<Group> reader;
    private @Nullable Group row;
    private long rows;

    private ParquetTable(String name, List<Path> files, Configuration hadoop, List<Column> columns) {
        this.name = name;
        this.files = new ArrayDeque<>(files);
        this.hadoop = hadoop;
        this.columns = columns;
    }

    /**
     * Opens.
     *
     * @throws MalformedFileException where a column is neither number nor text
     */
    static ParquetTable open(String path) throws IOException {
        Configuration hadoop = new Configuration();
        Path root = new Path(path);
        FileSystem system = root.getFileSystem(hadoop);
        if (!system.exists(root)) {
            throw new IOException("dataset.path: nothing at " + root + "; expected a Parquet file or a folder of such");
        }
        List<Path> files = system.getFileStatus(root).isDirectory()
                ? Arrays.stream(system.listStatus(root)).map(FileStatus::getPath)
                        .filter(f -> f.getName().endsWith(".parquet"))
                        .sorted(Comparator.comparing(Path::getName)).toList()
                : List.of(root);
        if (files.isEmpty()) {
            throw new IOException("dataset.path: no file of " + root + " ends in .parquet; expected one or more");
        }
        List<Column> columns = new ArrayList<>();
        try (ParquetFileReader first = ParquetFileReader.open(HadoopInputFile.fromPath(files.getFirst(), hadoop))) {
            MessageType schema = first.getFileMetaData().getSchema();
            for (Type field : schema.getFields()) {
                columns.add(new Column(field.getName(), kind(field, path)));
            }
        }
        return new ParquetTable(path, files, hadoop, columns);
    }

    private static Kind kind(Type field, String path) throws MalformedFileException {
        if (!field.isPrimitive() || field.isRepetition(Type.Repetition.REPEATED)) {
            throw new MalformedFileException(path + ": column " + field.getName()
                    + " is no number and no text; expected one row a step, or a column a step. posexplode makes rows of arrays");
        }
        PrimitiveTypeName type = field.asPrimitiveType().getPrimitiveTypeName();
        return switch (type) {
            case INT32, INT64, FLOAT, DOUBLE -> Kind.NUMBER;
            case BINARY, BOOLEAN -> Kind.TEXT;
            case INT96, FIXED_LEN_BYTE_ARRAY ->
                throw new MalformedFileException(path + ": column " + field.getName() + " is of "
                        + type + "; expected whole numbers, floats, text or truth values. Cast it");
        };
    }

    @Override
    public List<Column> columns() { return columns; }

    @Override
    public boolean named() { return true; }

    @Override
    public boolean next() throws IOException {
        row = reader == null ? null : reader.read();
        while (row == null && !files.isEmpty()) {
            close();
            ParquetReader<Group> following = ParquetReader.builder(new GroupReadSupport(), files.removeFirst())
                    .withConf(
                            hadoop)
                    .build();
            reader = following;
            row = following.read();
        }
        rows++;
        return row != null;
    }

    @Override
    public @Nullable String text(int column) throws IOException {
        Group own = java.util.Objects.requireNonNull(row);
        String field = columns.get(column).name();
        if (own.getFieldRepetitionCount(field) == 0) {
            return null;
        }
        String text = own.getValueToString(own.getType().getFieldIndex(field), 0).strip();
        return text.isEmpty() || text.equals("NaN") ? null : text;
    }

    @Override
    public double number(int column) throws IOException {
        String text = text(column);
        try {
            return text == null ? Double.NaN : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new MalformedFileException(place() + ", column " + columns.get(column).name() + ": got " + text
                    + "; expected a number", e);
        }
    }

    @Override
    public String name() { return name; }

    @Override
    public String place() { return name + ", row " + rows; }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
