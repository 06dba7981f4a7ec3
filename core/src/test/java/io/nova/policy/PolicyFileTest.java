package io.nova.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.fixtures.TimeForms;
import io.nova.shard.ConflictRule;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyFileTest {
  private static final Policy BASE =
      new Policy(List.of(), Duration.ofMinutes(10), ConflictRule.KEEP_FIRST);

  private static Policies read(String entries) {
    return PolicyFile.read("p.json", "{\"version\":1,\"policies\":[" + entries + "]}", BASE);
  }

  private static Policy at(Policies policies, long app, String time) {
    return policies.of(app, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time)));
  }

  @Test
  void withoutEntriesTheOptionsHold() {
    assertThat(at(read(""), 7, "2026-11-21T00:00:00Z")).isEqualTo(BASE);
    assertThat(at(read(""), -7, "1969-11-21T00:00:00Z")).isEqualTo(BASE);
  }

  @Test
  void anEntryHoldsFromItsUploadTimeOnAndLeavesTheRestAsItWas() {
    Policies policies =
        read(
            "{\"app\":7,\"window\":\"1 h\"},"
                + "{\"app\":7,\"from\":\"2026-11-21T00:00:00Z\",\"conflict\":\"reject\"},"
                + "{\"app\":7,\"from\":\"2026-11-22T00:00:00Z\",\"identity\":[\"uuid\"]}");

    Duration hour = Duration.ofHours(1);
    assertThat(at(policies, 7, "2026-11-20T23:59:59.999999Z"))
        .isEqualTo(new Policy(List.of(), hour, ConflictRule.KEEP_FIRST));
    assertThat(at(policies, 7, "2026-11-21T00:00:00Z"))
        .isEqualTo(new Policy(List.of(), hour, ConflictRule.REJECT));
    assertThat(at(policies, 7, "2026-11-23T00:00:00Z"))
        .isEqualTo(new Policy(List.of("uuid"), hour, ConflictRule.REJECT));
    assertThat(at(policies, 8, "2026-11-23T00:00:00Z")).isEqualTo(BASE);
    assertThat(policies.largestWindow()).isEqualTo(hour);
  }

  @Test
  void anAppsOwnEntriesLieOverThoseForAllWhicheverIsYounger() {
    Policies policies =
        read(
            "{\"app\":7,\"window\":\"5 min\"},"
                + "{\"app\":\"*\",\"from\":\"2026-11-21T00:00:00Z\",\"window\":\"24 h\","
                + "\"conflict\":\"keep-both\"}");

    assertThat(at(policies, 7, "2026-11-22T00:00:00Z"))
        .isEqualTo(new Policy(List.of(), Duration.ofMinutes(5), ConflictRule.KEEP_BOTH));
    assertThat(at(policies, 8, "2026-11-22T00:00:00Z").window()).isEqualTo(Duration.ofHours(24));
    assertThat(at(policies, 8, "2026-11-20T00:00:00Z")).isEqualTo(BASE);
  }

  @Test
  void timesFarFromTodayAreNoTrouble() {
    Policies policies = read("{\"app\":7,\"from\":\"2999-01-01T00:00:00Z\",\"window\":\"1 h\"}");

    assertThat(at(policies, 7, "2026-11-21T00:00:00Z")).isEqualTo(BASE);
    assertThat(policies.of(7, Long.MAX_VALUE).window()).isEqualTo(Duration.ofHours(1));
    assertThat(policies.of(7, Long.MIN_VALUE)).isEqualTo(BASE);
  }

  /** One grammar for upload times, be they in a message or in the policy file. */
  @Test
  void fromTakesTheTimesThatEventsTake() {
    for (TimeForms.Form form : TimeForms.documented()) {
      String entry = "{\"app\":7,\"from\":\"%s\",\"window\":\"1 h\"}".formatted(form.text());
      if (form.time().isEmpty()) {
        assertThatThrownBy(() -> read(entry))
            .as(form.text())
            .hasMessageContaining("expected an upload time like");
      } else {
        long from = form.time().get().micros();
        assertThat(read(entry).of(7, from).window()).as(form.text()).hasHours(1);
        assertThat(read(entry).of(7, from - 1)).as(form.text()).isEqualTo(BASE);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|the file: found [], expected an object",
        "{\"version\":2,\"policies\":[]}|version: found 2, expected 1",
        "{\"version\":1.9,\"policies\":[]}|version: found 1.9, expected 1",
        "{\"version\":\"1\",\"policies\":[]}|version: found \"1\", expected 1",
        "{\"version\":1,\"policies\":[]}] }|not JSON: Unexpected close marker",
        "{\"version\":1,\"policies\":[]} 7|not JSON: Trailing token",
        "{\"version\":1}|policies: found nothing, expected a list",
        "{\"version\":1,\"policies\":[],\"x\":1}|found the key x",
        "{\"version\":1,\"policies\":[{}]}|entry 1, app: found nothing",
        "{\"version\":1,\"policies\":[{\"app\":\"7\"}]}|entry 1, app: found \"7\"",
        "{\"version\":1,\"policies\":[{\"app\":7},{\"app\":7,\"windows\":\"1 h\"}]}|entry 2: found"
            + " the key windows",
        "{\"version\":1,\"policies\":[{\"app\":7,\"window\":\"1 week\"}]}|window: found \"1 week\"",
        "{\"version\":1,\"policies\":[{\"app\":7,\"window\":600}]}|window: found 600",
        "{\"version\":1,\"policies\":[{\"app\":7,\"from\":\"tomorrow\"}]}|from: found"
            + " \"tomorrow\"",
        "{\"version\":1,\"policies\":[{\"app\":7,\"from\":\"+99999-01-01T00:00:00Z\"}]}|expected"
            + " an upload time like",
        "{\"version\":1,\"policies\":[{\"app\":7,\"conflict\":\"drop\"}]}|expected keep-first,"
            + " keep-both or reject",
        "{\"version\":1,\"policies\":[{\"app\":7,\"identity\":[\"colour\"]}]}|entry 1, identity",
        "{\"version\":1,\"policies\":[{\"app\":7,\"identity\":\"uuid\"}]}|expected a list",
        "{\"version\":1,|not JSON",
        "{\"version\":1,\"version\":1,\"policies\":[]}|not JSON: Duplicate field"
      })
  void aFaultNamesFileEntryFieldAndWhatWasExpected(String text, String message) {
    assertThatThrownBy(() -> PolicyFile.read("p.json", text, BASE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Policy file p.json")
        .hasMessageContaining(message);
  }
}
