package io.nova.cli.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionInstantsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String INSTANT = "{'type':'TIMESTAMP_WITH_LOCAL_TIME_ZONE','precision':6}";
  private static final String TEXT = "{'type':'VARCHAR'}";

  @Test
  void theLocalTimeHasTheOffsetOfItsZone() throws Exception {
    assertThat(corrected("UTC", "2026-03-02T09:00:02.1681Z"))
        .isEqualTo("2026-03-02T09:00:02.1681Z");
    assertThat(corrected("Asia/Tokyo", "2026-03-02T09:00:02.1681Z"))
        .isEqualTo("2026-03-02T09:00:02.1681+09:00");
    assertThat(corrected("America/New_York", "2026-07-02T09:00:00Z"))
        .isEqualTo("2026-07-02T09:00:00-04:00");
  }

  @Test
  void anHourThatTheZoneRepeatsHasNoOffset() throws Exception {
    assertThat(corrected("Europe/Berlin", "2026-10-25T02:30:00Z")).isEqualTo("2026-10-25T02:30:00");
    assertThat(corrected("Europe/Berlin", "2026-10-25T03:30:00Z"))
        .isEqualTo("2026-10-25T03:30:00+01:00");
  }

  @Test
  void arraysAndMapsAreCorrectedAndOtherValuesStay() throws Exception {
    List<JsonNode> types =
        List.of(
            json(TEXT),
            json("{'type':'ARRAY','elementType':" + INSTANT + "}"),
            json("{'type':'MAP','keyType':" + TEXT + ",'valueType':" + INSTANT + "}"),
            json("{'type':'ROW','fields':[{'name':'a','fieldType':" + INSTANT + "}]}"),
            json(INSTANT));
    JsonNode row =
        json(
            "['1970-01-01T09:00:00Z',['1970-01-01T09:00:00Z',null],{'k':'1970-01-01T09:00:00Z'},"
                + "{'a':'1970-01-01T00:00:00Z'},null]");

    assertThat(new SessionInstants(ZoneId.of("Asia/Tokyo")).corrected(row, types))
        .isEqualTo(
            json(
                "['1970-01-01T09:00:00Z',['1970-01-01T09:00:00+09:00',null],"
                    + "{'k':'1970-01-01T09:00:00+09:00'},{'a':'1970-01-01T00:00:00Z'},null]"));
  }

  private static String corrected(String zone, String value) throws Exception {
    return new SessionInstants(ZoneId.of(zone))
        .corrected(json("['" + value + "']"), List.of(json(INSTANT)))
        .get(0)
        .asText();
  }

  private static JsonNode json(String text) throws Exception {
    return JSON.readTree(text.replace('\'', '"'));
  }
}
