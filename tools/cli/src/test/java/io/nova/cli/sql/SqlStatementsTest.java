package io.nova.cli.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlStatementsTest {
  @Test
  void semicolonsEndStatements() {
    assertThat(SqlStatements.split("SELECT 1; SELECT 2 ;\n;"))
        .containsExactly("SELECT 1", "SELECT 2");
  }

  @Test
  void semicolonsInQuotesAndCommentsEndNothing() {
    assertThat(SqlStatements.split("SELECT 'a;''b;', `c;` -- no; not here\n, 2 /* ; */; SELECT 3"))
        .containsExactly("SELECT 'a;''b;', `c;`  \n, 2", "SELECT 3");
  }

  @Test
  void hintsStay() {
    assertThat(SqlStatements.split("SELECT * FROM events /*+ OPTIONS('a' = 'b;c') */"))
        .containsExactly("SELECT * FROM events /*+ OPTIONS('a' = 'b;c') */");
  }

  @Test
  void quotesWithinCommentsOpenNothing() {
    assertThat(SqlStatements.split("-- it's a comment\nSELECT 1; SELECT 2"))
        .containsExactly("SELECT 1", "SELECT 2");
  }

  @Test
  void longLiteralsDoNotOverflowTheStack() {
    String literal = "'" + "x''".repeat(100_000) + "'";
    assertThat(SqlStatements.split("SELECT " + literal + ";")).containsExactly("SELECT " + literal);
  }
}
