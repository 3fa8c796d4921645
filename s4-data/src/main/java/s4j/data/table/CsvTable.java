package s4j.data.table;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldModifiers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/** A file of separated values, by FastCSV. */
final class CsvTable implements Table {
    /** Rows that the types of columns are found from. */
    private static final int SAMPLE = 100;
    private static final int MAX_FIELDS = 1 << 22;
    private static final int MAX_CHARACTERS = 1 << 28;

    private final CsvText text;
    private final CsvReader<CsvRecord> reader;
    private final CloseableIterator<CsvRecord> rows;
    private final ArrayDeque<CsvRecord> sample = new ArrayDeque<>();
    private final List<Column> columns;
    private final boolean named;
    private @Nullable CsvRecord row;
    private long line = 1;

    static CsvTable open(CsvText text) throws IOException {
        CsvReader<CsvRecord> reader = CsvReader.builder().fieldSeparator(text.delimiter).allowExtraFields(true)
                .allowMissingFields(true).trimWhitespacesAroundQuotes(true).maxBufferSize(MAX_CHARACTERS)
                .build(CsvRecordHandler.of(h -> h.maxFields(MAX_FIELDS).maxFieldSize(MAX_CHARACTERS)
                        .maxRecordSize(MAX_CHARACTERS).fieldModifier(FieldModifiers.TRIM)), text.reader);
        return new CsvTable(text, reader);
    }

    private CsvTable(CsvText text, CsvReader<CsvRecord> reader) throws IOException {
        this.text = text;
        this.reader = reader;
        this.rows = reader.iterator();
        CsvRecord first = read();
        if (first == null) {
            throw new MalformedFileException(text.name + ": the file has no rows; expected a table");
        }
        this.named = header(first);
        int width = first.getFieldCount();
        if (!named) {
            sample.add(first);
        }
        for (CsvRecord r = sample.size() < SAMPLE ? read() : null; r != null; r = sample.size() < SAMPLE
                ? read()
                : null) {
            sample.add(r);
        }
        List<Column> found = new ArrayList<>(width);
        Map<String, Integer> seen = new HashMap<>();
        for (int c = 0; c < width; c++) {
            String name = named ? first.getField(c) : Integer.toString(c + 1);
            Integer before = seen.putIfAbsent(name, c);
            if (before != null) {
                throw new MalformedFileException("%s, line %d: columns %d and %d have the same name '%s'; expected each"
                        .formatted(text.name, first.getStartingLineNumber(), before + 1, c + 1, name) + " its own");
            }
            found.add(new Column(name, kind(c)));
        }
        this.columns = List.copyOf(found);
    }

    /** Not a header: numbers and missing values alone, and a number first. */
    private boolean header(CsvRecord first) {
        return Cells.missing(first.getField(0)) || first.getFields().stream().anyMatch(
                cell -> !Cells.missing(cell) && Cells.number(cell, comma()) == null);
    }

    /** What most cells are meant to be: one that went wrong must be refused when it is read, not make its column a text. */
    private Kind kind(int column) {
        List<String> cells = sample.stream().filter(r -> column < r.getFieldCount()).map(r -> r.getField(column))
                .filter(cell -> !Cells.missing(cell)).toList();
        long numbers = cells.stream().filter(cell -> Cells.number(cell, comma()) != null || Cells.commas(cell)).count();
        return 2 * numbers > cells.size() || cells.isEmpty() ? Kind.NUMBER : Kind.TEXT;
    }

    private boolean comma() { return text.delimiter == ';'; }

    private @Nullable CsvRecord read() throws IOException {
        try {
            if (!rows.hasNext()) {
                return null;
            }
            CsvRecord record = rows.next();
            line = record.getStartingLineNumber();
            return record;
        } catch (CsvParseException e) {
            throw unreadable(e, e.getCause());
        } catch (UncheckedIOException e) {
            throw unreadable(e, e.getCause());
        }
    }

    private IOException unreadable(RuntimeException e, @Nullable Throwable cause) {
        if (cause instanceof CharacterCodingException) {
            return new MalformedFileException(
                    "%s: got bytes that are not UTF-8, after line %d; expected UTF-8 text. Convert it, e.g. iconv -f latin1 -t utf-8"
                            .formatted(text.name, line),
                    e);
        }
        if (cause instanceof IOException io && !(e instanceof CsvParseException)) {
            return io;
        }
        return new MalformedFileException("%s, after line %d: %s%s".formatted(text.name, line, e.getMessage(),
                cause == null ? "" : ": " + cause.getMessage()), e);
    }

    @Override
    public List<Column> columns() { return columns; }

    @Override
    public boolean named() { return named; }

    @Override
    public boolean next() throws IOException {
        row = sample.isEmpty() ? read() : sample.poll();
        if (row == null) {
            return false;
        }
        if (row.getFieldCount() != columns.size()) {
            throw new MalformedFileException(
                    "%s: got %d cells; expected %d as in the first line, cut at %s. Is that the"
                            .formatted(place(), row.getFieldCount(), columns.size(), delimiter()) + " delimiter?");
        }
        return true;
    }

    private String delimiter() { return text.delimiter == '\t' ? "tabs" : "'" + text.delimiter + "'"; }

    private String cell(int column) {
        if (row == null) {
            throw new IllegalStateException("no row: next() comes first");
        }
        return row.getField(column);
    }

    @Override
    public @Nullable String text(int column) {
        String cell = cell(column);
        return Cells.missing(cell) ? null : cell;
    }

    @Override
    public double number(int column) throws MalformedFileException {
        String cell = cell(column);
        if (Cells.missing(cell)) {
            return Double.NaN;
        }
        Double number = Cells.number(cell, comma());
        if (number == null) {
            String advice = Cells.commaNumber(cell)
                    ? "; expected a number with a decimal point. Decimal commas are read where the delimiter is ';' (it is "
                            + delimiter() + ")"
                    : Cells.commas(cell)
                            ? "; expected a number without commas between the thousands"
                            : "; expected a number";
            throw new MalformedFileException("%s, column %s: got '%s'%s".formatted(place(), columns.get(column).name(),
                    cell.length() > 40 ? cell.substring(0, 40) + "…" : cell, advice));
        }
        return number;
    }

    @Override
    public String name() { return text.name; }

    @Override
    public String place() { return text.name + ", line " + (row == null ? line : row.getStartingLineNumber()); }

    @Override
    public void close() throws IOException { reader.close(); }
}
