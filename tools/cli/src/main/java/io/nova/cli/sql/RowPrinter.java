package io.nova.cli.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Receives the rows of a statement. A statement without rows calls no method. */
@FunctionalInterface
public interface RowPrinter {
  /** Ignores all rows. */
  RowPrinter NOWHERE = fields -> {};

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

  /** The columns; called first, once. */
  default void columns(List<Column> columns) {}

  /** One row, as a JSON array with a value for each column. */
  void row(JsonNode fields);

  /** The end of the rows; called last, once. */
  default void end() {}
}
