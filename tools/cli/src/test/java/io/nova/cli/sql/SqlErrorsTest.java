package io.nova.cli.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlErrorsTest {
  @Test
  void theLastCauseIsShownWithoutItsStack() {
    String body =
        """
        {"errors":["Internal server error.","<Exception on server side:\\norg.apache.flink.table.gateway.api.utils.SqlGatewayException: Failed to fetchResults.\\n\\tat a.B.c(B.java:1)\\nCaused by: org.apache.flink.table.api.ValidationException: SQL validation failed. From line 1\\n\\tat a.B.c(B.java:2)\\nCaused by: org.apache.calcite.sql.validate.SqlValidatorException: Object 'nope' not found\\n\\tat a.B.c(B.java:3)\\n\\t... 5 more\\n\\nEnd of exception on server side>"]}
        """;
    assertThat(SqlErrors.reason(body)).isEqualTo("Object 'nope' not found");
  }

  @Test
  void messageOfNovaIsShownAboveTheLibraryThatFailed() {
    String body =
        """
        {"errors":["org.apache.flink.A: Could not execute.\\n\\tat a.B.c(B.java:1)\\nCaused by: org.apache.flink.table.catalog.exceptions.CatalogException: Warehouse w: there is no such folder. No catalog was made.\\n\\tat io.nova.sql.catalog.Warehouse.check(Warehouse.java:1)\\nCaused by: java.io.FileNotFoundException: File w does not exist\\n\\tat a.B.c(B.java:3)"]}
        """;
    assertThat(SqlErrors.reason(body))
        .isEqualTo(
            """
            Warehouse w: there is no such folder. No catalog was made.
            Caused by: File w does not exist""");
  }

  @Test
  void aMessageOfSeveralLinesIsShownWhole() {
    String body =
        """
        {"errors":["x.SqlParserException: SQL parse failed. Encountered \\"SELEC\\" at line 1, column 1.\\nWas expecting one of:\\n    \\"SELECT\\" ...\\n\\tat a.B.c(B.java:3)"]}
        """;
    assertThat(SqlErrors.reason(body))
        .isEqualTo(
            """
            SQL parse failed. Encountered "SELEC" at line 1, column 1.
            Was expecting one of:
                "SELECT" ...""");
  }

  @Test
  void aRestartedQueryNamesTheSettingsThatMatter() {
    String body =
        """
        {"errors":["Internal server error.","<Exception on server side:\\norg.apache.flink.table.gateway.service.utils.SqlExecutionException: Failed to execute the operation.\\n\\tat a.B.c(B.java:1)\\nCaused by: java.lang.RuntimeException: Job restarted\\n\\tat a.B.c(B.java:2)\\n\\t... 5 more\\n\\nEnd of exception on server side>"]}
        """;
    assertThat(SqlErrors.reason(body))
        .startsWith("Job restarted.")
        .contains("'restart-strategy.type' = 'none'", "'collect-sink.batch-size.max'");
  }

  @Test
  void whatIsNotUnderstoodIsShownAsItIs() {
    assertThat(SqlErrors.reason("<html>502</html>")).isEqualTo("<html>502</html>");
  }
}
