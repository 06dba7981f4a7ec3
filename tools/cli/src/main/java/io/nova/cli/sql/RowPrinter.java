package io.nova.cli.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Where the rows of a statement go. A statement without rows calls nothing. */
public interface RowPrinter {
  /** For statements whose rows nobody wants. */
  RowPrinter NOWHERE =
      new RowPrinter() {
        @Override
        public void columns(List<Column> columns) {}

        @Override
        public void row(JsonNode fields) {}

        @Override
        public void end() {}
      };

  /**
   * A column of a result.
   *
   * @param name its name
   * @param type Flink's name of its type, such as BIGINT
   */
  record Column(String name, String type) {
    boolean numeric() {
      return List.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL")
          .contains(type);
    }
  }

  /** Comes first, once. */
  void columns(List<Column> columns);

  /** One row: a JSON array with a value for each column. */
  void row(JsonNode fields);

  /** Comes last, once. */
  void end();
}
