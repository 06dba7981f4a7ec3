package io.nova.cli.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.cli.sql.RowPrinter.Column;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RowPrinterTest {
  private static final List<Column> COLUMNS =
      List.of(new Column("type", "VARCHAR"), new Column("n", "BIGINT"));

  @Test
  void tableAlignsNumbersToTheRightAndShowsNulls() throws Exception {
    assertThat(printed(TablePrinter::new, "[\"play\", 12]", "[null, 1234567]"))
        .isEqualTo(
            """
            +------+---------+
            | type | n       |
            +------+---------+
            | play |      12 |
            | NULL | 1234567 |
            +------+---------+
            """
                .replace("| n       |", "|       n |"));
  }

  @Test
  void lineBreaksDoNotBreakTheTable() throws Exception {
    assertThat(printed(TablePrinter::new, "[\"a\\nb\", 1]")).contains("| a\\nb | 1 |");
  }

  @Test
  void longValuesAreCutInTheTableAndWholeInJson() throws Exception {
    String row = "[\"" + "é".repeat(100) + "\", 1]";
    assertThat(printed(TablePrinter::new, row)).contains("| " + "é".repeat(59) + "… | 1 |");
    assertThat(printed(JsonPrinter::new, row)).contains("é".repeat(100));
  }

  @Test
  void tableWithoutRowsHasItsHead() throws Exception {
    assertThat(printed(TablePrinter::new)).contains("| type | n |");
  }

  @Test
  void rowsBeyondTheMeasuredOnesAreAllPrinted() throws Exception {
    String[] rows = new String[5_000];
    java.util.Arrays.fill(rows, "[\"x\", 7]");
    assertThat(printed(TablePrinter::new, rows).lines().filter(line -> line.contains("| x ")))
        .hasSize(5_000);
  }

  @Test
  void jsonGivesOneObjectARow() throws Exception {
    assertThat(printed(JsonPrinter::new, "[\"play\", 12]", "[null, {\"a\":1}]"))
        .isEqualTo("{\"type\":\"play\",\"n\":12}\n{\"type\":null,\"n\":{\"a\":1}}\n");
  }

  private static String printed(Function<PrintStream, RowPrinter> printer, String... rows)
      throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    RowPrinter out = printer.apply(new PrintStream(bytes, true, UTF_8));
    out.columns(COLUMNS);
    for (String row : rows) {
      out.row(new ObjectMapper().readTree(row));
    }
    out.end();
    return bytes.toString(UTF_8);
  }
}
