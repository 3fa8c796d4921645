package s4j.serve;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A table {@code s4_streams (id, model, state)} of any database with a JDBC driver on the class path ({@code S4_CLASSPATH}). One
 * connection, opened again when it was lost.
 */
public final class JdbcStore implements StateStore {
    private static final int PATIENCE_SECONDS = 2;

    private final String url;
    private @Nullable Connection connection;

    /** Connects, and makes the table where it is missing. */
    public JdbcStore(String url) throws IOException {
        this.url = url;
        try (Statement s = open().createStatement()) {
            String bytes = url.startsWith("jdbc:postgresql:") ? "bytea" : "blob";
            s.execute(
                    "create table if not exists s4_streams (id varchar(64) primary key, model varchar(255) not null, state "
                            + bytes + " not null)");
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private Connection open() throws SQLException {
        Connection now = connection;
        if (now == null || !now.isValid(PATIENCE_SECONDS)) {
            now = DriverManager.getConnection(url);
            now.setAutoCommit(true);
            connection = now;
        }
        return now;
    }

    private static IOException failed(SQLException e) {
        return new IOException("the store of streams: " + e.getMessage(), e);
    }

    @Override
    public synchronized void put(String id, Resting stream) throws IOException {
        try {
            Connection c = open();
            c.setAutoCommit(false);
            try (PreparedStatement delete = c.prepareStatement("delete from s4_streams where id = ?");
                    PreparedStatement insert = c
                            .prepareStatement("insert into s4_streams (id, model, state) values (?, ?, ?)")) {
                delete.setString(1, id);
                delete.executeUpdate();
                insert.setString(1, id);
                insert.setString(2, stream.model());
                insert.setBytes(3, stream.state());
                insert.executeUpdate();
                c.commit();
            } catch (SQLException e) {
                c.rollback(); // else the line below would keep half of it
                throw e;
            } finally {
                c.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public synchronized @Nullable Resting get(String id) throws IOException {
        try (PreparedStatement select = open().prepareStatement("select model, state from s4_streams where id = ?")) {
            select.setString(1, id);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? new Resting(rows.getString(1), rows.getBytes(2)) : null;
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public synchronized void remove(String id) throws IOException {
        try (PreparedStatement delete = open().prepareStatement("delete from s4_streams where id = ?")) {
            delete.setString(1, id);
            delete.executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public synchronized long size() throws IOException {
        try (Statement s = open().createStatement();
                ResultSet rows = s.executeQuery("select count(*) from s4_streams")) {
            return rows.next() ? rows.getLong(1) : 0;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }
}
