package io.nova.console.ask;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.console.chart.ChartForm;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast path lets every statement of a chart run. */
class ChartStatementsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"kind": "segmentation", "measure": "median", "property": {"event": "price"},
         "groupBy": {"user": "plan"}, "table": "TABLE",
         "filters": [{"field": {"column": "app"}, "test": "atLeast", "values": ["5"]}]}""",
        """
        {"kind": "segmentation", "measure": "uniques", "interval": "whole", "table": "TABLE"}""",
        """
        {"kind": "funnel", "table": "TABLE", "steps": [{"events": ["A"]}, {"events": ["B"]}]}""",
        """
        {"kind": "funnel", "table": "TABLE", "groupBy": {"column": "country"},
         "steps": [{"events": ["A"]}, {"events": ["B"]}]}""",
        """
        {"kind": "funnel", "table": "TABLE", "steps": [{"events": ["A"]}, {}]}""",
        """
        {"kind": "retention", "table": "TABLE", "start": {}, "return": {}}""",
        """
        {"kind": "retention", "table": "TABLE", "mode": "onOrAfter", "start": {}, "return": {}}""",
        """
        {"kind": "stream", "table": "TABLE", "user": "a\\u0000'b"}"""
      })
  void statementOfAChartIsAllowed(String form) throws Exception {
    for (String table : new String[] {"events", "lambda_events"}) {
      String sql =
          ChartForm.of(new ObjectMapper().readTree(form.replace("TABLE", table))).chart().sql();
      try (Connection duck = DriverManager.getConnection("jdbc:duckdb:")) {
        assertThat(StatementCheck.tables(duck, sql)).containsExactly(table);
      }
    }
  }
}
