package io.nova.iceberg;

import io.nova.fixtures.SwapFaults;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A JDBC driver for tests over H2 in memory. It loses the answer to the update that swaps a table's
 * metadata, as {@link SwapFaults} say.
 */
public final class UnreliableDatabase implements Driver {
  private static final String PREFIX = "jdbc:unreliable:";
  private static final Map<String, SwapFaults> FAULTS = new ConcurrentHashMap<>();

  static {
    try {
      DriverManager.registerDriver(new UnreliableDatabase());
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The address of a new database. */
  static String uri(String name, SwapFaults faults) {
    FAULTS.put(name, faults);
    return PREFIX + name;
  }

  /** The same database without faults. */
  private static String h2(String uri) {
    return "jdbc:h2:mem:" + name(uri) + ";DB_CLOSE_DELAY=-1";
  }

  private static String name(String uri) {
    return uri.substring(PREFIX.length());
  }

  @Override
  public boolean acceptsURL(String uri) {
    return uri.startsWith(PREFIX);
  }

  @Override
  public @Nullable Connection connect(String uri, Properties info) throws SQLException {
    if (!acceptsURL(uri)) {
      return null;
    }
    SwapFaults faults = Objects.requireNonNull(FAULTS.get(name(uri)));
    Connection real = DriverManager.getConnection(h2(uri), info);
    return proxy(
        Connection.class,
        (method, arguments) -> {
          boolean prepares = method.getName().equals("prepareStatement");
          if (prepares && faults.isSilent()) {
            throw new SQLException("no route to host", "58000");
          }
          Object result = invoke(real, method, arguments);
          if (prepares && String.valueOf(arguments[0]).startsWith("UPDATE iceberg_tables")) {
            return swap((PreparedStatement) result, String.valueOf(arguments[0]), uri, faults);
          }
          return result;
        });
  }

  private static PreparedStatement swap(
      PreparedStatement real, String sql, String uri, SwapFaults faults) {
    Map<Integer, String> values = new TreeMap<>();
    return proxy(
        PreparedStatement.class,
        (method, arguments) -> {
          switch (method.getName()) {
            case "setString" -> values.put((Integer) arguments[0], (String) arguments[1]);
            case "executeUpdate" -> {
              return update(real, sql, values, uri, faults);
            }
            default -> {
              // Nothing is added.
            }
          }
          return invoke(real, method, arguments);
        });
  }

  private static int update(
      PreparedStatement real,
      String sql,
      Map<Integer, String> values,
      String uri,
      SwapFaults faults)
      throws SQLException {
    switch (faults.take()) {
      case DONE_THEN_ASKED_AGAIN -> {
        int unused = real.executeUpdate();
        throw new SQLException("connection reset", "08006");
      }
      case DONE_THEN_ERROR -> {
        int unused = real.executeUpdate();
        throw new SQLException("internal error", "58000");
      }
      case DONE_THEN_CUT -> {
        int unused = real.executeUpdate();
        throw new SQLNonTransientConnectionException("closed");
      }
      case DONE_THEN_SILENCE -> {
        int unused = real.executeUpdate();
        faults.silence();
        throw new SQLException("internal error", "58000");
      }
      case ERROR_THEN_DONE -> {
        Map<Integer, String> sent = new TreeMap<>(values);
        faults.delay(() -> late(sql, sent, uri));
        throw new SQLException("timed out", "58000");
      }
      case ERROR -> throw new SQLException("internal error", "58000");
      case CUT -> throw new SQLNonTransientConnectionException("closed");
      default -> {
        return real.executeUpdate();
      }
    }
  }

  private static boolean late(String sql, Map<Integer, String> values, String uri) {
    try (Connection connection = DriverManager.getConnection(h2(uri));
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (Map.Entry<Integer, String> value : values.entrySet()) {
        statement.setString(value.getKey(), value.getValue());
      }
      return statement.executeUpdate() == 1;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Call {
    @Nullable Object on(java.lang.reflect.Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            UnreliableDatabase.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                call.on(method, arguments == null ? new Object[0] : arguments)));
  }

  private static @Nullable Object invoke(
      Object real, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String uri, Properties info) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return 1;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getGlobal();
  }
}
