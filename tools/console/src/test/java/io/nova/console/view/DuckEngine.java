package io.nova.console.view;

import io.nova.console.ask.Answer;
import io.nova.console.ask.AskEngine;
import io.nova.console.ask.AskException;
import io.nova.console.ask.Question;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A DuckDB in memory with tables of a test. */
final class DuckEngine implements AskEngine {
  private final Connection duck;

  /** Tables by statements. */
  DuckEngine(String... statements) throws SQLException {
    duck = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = duck.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  @Override
  public Answer ask(Question question) throws AskException {
    try (Statement statement = duck.createStatement();
        ResultSet result = statement.executeQuery(question.sql())) {
      ResultSetMetaData names = result.getMetaData();
      List<Answer.Column> columns = new ArrayList<>();
      for (int i = 1; i <= names.getColumnCount(); i++) {
        columns.add(new Answer.Column(names.getColumnName(i), names.getColumnTypeName(i)));
      }
      List<List<@Nullable Object>> rows = new ArrayList<>();
      while (result.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
          Object value = result.getObject(i);
          row.add(value == null || value instanceof Number ? value : value.toString());
        }
        rows.add(row);
      }
      return new Answer(columns, rows, false, List.of("bound"), 1, 1, 1, "{}", List.of());
    } catch (SQLException e) {
      throw new AskException(AskException.Kind.STATEMENT, e.getMessage() + "\n" + question.sql());
    }
  }

  @Override
  public void cancel(String id) {}

  @Override
  public void close() {
    try {
      duck.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
