package io.nova.cli.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.List;

/** Prints each row as a JSON object on one line. For one thread. */
public final class JsonPrinter implements RowPrinter {
  private final PrintStream out;
  private List<Column> columns = List.of();

  /** Prints to a stream. */
  public JsonPrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void columns(List<Column> names) {
    columns = names;
  }

  @Override
  public void row(JsonNode fields) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < columns.size(); i++) {
      object.set(columns.get(i).name(), fields.path(i));
    }
    out.println(object);
  }

  @Override
  public void end() {
    out.flush();
  }
}
