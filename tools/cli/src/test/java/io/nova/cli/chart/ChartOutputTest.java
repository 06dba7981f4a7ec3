package io.nova.cli.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.cli.process.CommandException;
import io.nova.cli.sql.RowPrinter.Column;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;

class ChartOutputTest {
  @TempDir Path folder = Path.of("");

  private static List<Column> columns(String... names) {
    return Arrays.stream(names).map(name -> new Column(name, "T")).toList();
  }

  private String drawn(ChartKind kind, boolean unicode, List<Column> columns, String... rows)
      throws Exception {
    List<JsonNode> values = new ArrayList<>();
    for (String row : rows) {
      values.add(new ObjectMapper().readTree(row));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    new ChartOutput(out, kind, Optional.of(folder.resolve("new/chart.svg")), 60, unicode)
        .draw(columns, values);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void barsAreAsLongAsTheirValues() throws Exception {
    assertThat(
            drawn(
                ChartKind.BAR,
                true,
                columns("type", "n"),
                "[\"View\", 1000]",
                "[\"Add\", 500]",
                "[null, 1]",
                "[\"zero\", 0]"))
        .isEqualTo(
            """
            View    1,000 █████████████████████████████████████████████
            Add       500 ██████████████████████▌
            (none)      1 ▏
            zero        0
            """);
  }

  @Test
  void withoutUnicodeAllLettersAreAscii() throws Exception {
    for (ChartKind kind : ChartKind.values()) {
      assertThat(drawn(kind, false, columns("a", "n"), "[\"x\", 3]", "[\"y\", 1]"))
          .matches("[\\x20-\\x7e\\n]+")
          .contains("#");
    }
  }

  @Test
  void funnelHasItsShares() throws Exception {
    assertThat(
            drawn(
                ChartKind.FUNNEL,
                true,
                columns("step", "event", "users"),
                "[1, \"View\", 200]",
                "[2, \"Add\", 100]",
                "[3, \"Buy\", 25]"))
        .isEqualTo(
            """
            step       of first  of previous
            View  200   100.0 %    100.0 %  ██████████████████████████
            Add   100    50.0 %     50.0 %  █████████████
            Buy    25    12.5 %     25.0 %  ███▎
            """);
  }

  @Test
  void oneRowOfNumbersIsAFunnel() throws Exception {
    assertThat(drawn(ChartKind.FUNNEL, true, columns("viewed", "added"), "[4, 1]"))
        .contains("viewed  4   100.0 %", "added   1    25.0 %");
  }

  @Test
  void lineHasAColumnForEachTimeAndGapsStayEmpty() throws Exception {
    String drawn =
        drawn(
            ChartKind.LINE,
            true,
            columns("time", "n"),
            "[\"2026-11-20 10:00:00Z\", 8]",
            "[\"2026-11-20 11:00:00Z\", 4]",
            "[\"2026-11-20 13:00:00Z\", 1]");
    List<String> lines = drawn.lines().toList();
    assertThat(lines).hasSize(11);
    // Four hours of 14 letters each; the third has no value.
    assertThat(lines.get(0)).isEqualTo("8 │" + "█".repeat(14));
    assertThat(lines.get(9)).isEqualTo("0 │" + "█".repeat(28) + " ".repeat(14) + "█".repeat(14));
    assertThat(lines.get(10))
        .startsWith("   2026-11-20 10:00:00Z")
        .endsWith("2026-11-20 13:00:00Z");
  }

  @Test
  void rowWithoutATimeIsLeftOutOfALine() throws Exception {
    assertThat(
            drawn(
                ChartKind.LINE,
                true,
                columns("time", "n"),
                "[null, 99]",
                "[\"2026-11-20 10:00:00Z\", 8]",
                "[\"2026-11-20 11:00:00Z\", 4]"))
        .startsWith("8 │█")
        .contains("   2026-11-20 10:00:00Z ")
        .doesNotContain("99", "(none)")
        .endsWith("Rows left out: 1. Found no time and no number in column time there.\n");
  }

  @Test
  void equalTextsHaveOnePlaceInAllLines() throws Exception {
    List<JsonNode> rows = new ArrayList<>();
    for (String row : List.of("[\"x\", \"a\", 1]", "[\"y\", \"a\", 2]", "[\"y\", \"b\", 3]")) {
      rows.add(new ObjectMapper().readTree(row));
    }

    assertThat(new ChartColumns(columns("text", "series", "n"), rows).series(ChartKind.LINE))
        .containsExactly(
            new ChartSeries(
                "a", List.of(new ChartSeries.Point("x", 0, 1), new ChartSeries.Point("y", 1, 2))),
            new ChartSeries("b", List.of(new ChartSeries.Point("y", 1, 3))));
  }

  @Test
  void everySeriesHasItsOwnAxesOfTheSameScale() throws Exception {
    assertThat(
            drawn(
                ChartKind.LINE,
                true,
                columns("time", "series", "n"),
                "[1, \"a\", 8]",
                "[1, \"b\", 4]",
                "[2, \"a\", 8]",
                "[2, \"b\", 4]"))
        .contains("a\n8 │█", "b\n8 │\n");
  }

  @Test
  void lettersThatSteerATerminalAreDots() throws Exception {
    String drawn =
        drawn(
            ChartKind.BAR,
            true,
            columns("type", "n"),
            "[\"\\u001b[31mred\\u0007\\u202eabc\\n\", 5]",
            "[\"%s\", 5]".formatted("long".repeat(16_000)));
    assertThat(drawn).contains(".[31mred..abc.").contains("longlonglo..");
    assertThat(drawn.lines()).hasSize(2).allMatch(line -> line.length() <= 60);
  }

  @Test
  void chartNamesTheColumnsThatItNeeds() {
    assertThatThrownBy(() -> drawn(ChartKind.BAR, true, columns("a", "b"), "[\"x\", \"y\"]"))
        .isInstanceOf(CommandException.class)
        .hasMessage(
            "Chart bar of 1 rows: found the columns a T, b T, expected first a column of labels,"
                + " then a column of numbers. Nothing was drawn.");
    assertThatThrownBy(() -> drawn(ChartKind.LINE, true, columns("a"), "[1]"))
        .hasMessageContaining("expected first a column of times, numbers or texts");
    assertThatThrownBy(() -> drawn(ChartKind.FUNNEL, true, columns("n", "a"), "[1, \"x\"]"))
        .hasMessageContaining("expected a row for each step");
  }

  @Test
  void answerWithoutRowsIsNoChart() throws Exception {
    assertThat(drawn(ChartKind.BAR, true, columns("a", "n")))
        .isEqualTo("The answer has no rows. Nothing was drawn.\n");
    assertThat(folder.resolve("new/chart.svg")).doesNotExist();
  }

  @Test
  void namesThatAreEqualAfterTheirCutStayApart() throws Exception {
    String name = "a name of more than forty letters, whose end differs: ";
    drawn(
        ChartKind.LINE,
        true,
        columns("t", "series", "n"),
        "[1, \"%s1\", 3]".formatted(name),
        "[1, \"%s2\", 4]".formatted(name),
        "[1, \"\", 5]",
        "[1, \"value\", 6]");
    String cut = TextChart.plain(name, 40);
    assertThat(Files.readString(folder.resolve("new/chart.svg")))
        .contains(cut + " 1: 3. " + cut + " (2) 1: 4. value 1: 5. value (2) 1: 6.");

    ChartSeries bars =
        new ChartSeries(
            "",
            List.of(
                new ChartSeries.Point(name + "1", 0, 3), new ChartSeries.Point(name + "2", 1, 4)));
    CategoryChart chart = (CategoryChart) SvgChart.of(ChartKind.BAR, List.of(bars));
    CategorySeries drawn = chart.getSeriesMap().get("value");
    assertThat(List.copyOf(drawn.getXData())).hasToString("[%s, %s (2)]".formatted(cut, cut));
    assertThat(List.copyOf(drawn.getYData())).hasToString("[3.0, 4.0]");
  }

  @Test
  void svgSaysInWordsWhatItShows() throws Exception {
    for (ChartKind kind : ChartKind.values()) {
      drawn(kind, true, columns("t", "n"), "[\"<b>\\u0000\", 3]", "[\"y\", 1.5]");
      assertThat(Files.readString(folder.resolve("new/chart.svg")))
          .contains("<svg", "A %s chart".formatted(kind.word()), "&lt;b&gt;.: 3, y: 1.5", "</svg");
    }
  }
}
