package io.nova.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.fixtures.TimeForms;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimesTest {
  @ParameterizedTest
  @CsvSource({
    "1970-01-01 00:00:00,               1970-01-01T00:00:00Z",
    "1969-12-31 23:59:59.999999,        1969-12-31T23:59:59.999999Z",
    "1900-02-28 00:00:00.5,             1900-02-28T00:00:00.5Z",
    "0001-01-01 00:00:00,               0001-01-01T00:00:00Z",
    "2000-02-29 12:00:00.1,             2000-02-29T12:00:00.1Z",
    "2024-02-29 23:59:59.000001,        2024-02-29T23:59:59.000001Z",
    "2101-03-01 00:00:00,               2101-03-01T00:00:00Z",
    "9999-12-31 23:59:59.999999,        9999-12-31T23:59:59.999999Z",
    "2026-11-20T10:02:00,               2026-11-20T10:02:00Z",
    "2026-11-20T10:02:00.25Z,           2026-11-20T10:02:00.25Z",
    "2026-11-20T10:02:00+01:00,         2026-11-20T09:02:00Z",
    "2026-11-20T10:02:00.000001-11:30,  2026-11-20T21:32:00.000001Z",
    "1969-12-31T23:59:59.999999Z,       1969-12-31T23:59:59.999999Z",
  })
  void timesAreReadExactly(String text, Instant expected) {
    EventTimes.EventTime time = EventTimes.parse(text).orElseThrow();

    assertThat(Instant.EPOCH.plus(time.micros(), ChronoUnit.MICROS)).isEqualTo(expected);
    assertThat(time.exact()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-20 10:02:00.1234567,    2026-11-20T10:02:00.123456Z",
    "2026-11-20 10:02:00.12345678,   2026-11-20T10:02:00.123456Z",
    "2026-11-20T10:02:00.123456789Z, 2026-11-20T10:02:00.123456Z",
    "1969-12-31 23:59:59.999999999,  1969-12-31T23:59:59.999999Z",
    "1969-12-31T23:59:59.9999999Z,   1969-12-31T23:59:59.999999Z",
  })
  void whatIsFinerThanAMicrosecondIsRoundedDown(String text, Instant expected) {
    EventTimes.EventTime time = EventTimes.parse(text).orElseThrow();

    assertThat(Instant.EPOCH.plus(time.micros(), ChronoUnit.MICROS)).isEqualTo(expected);
    assertThat(time.exact()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026",
        "2026-11-20",
        "2026-11-20 10:02",
        "2026-02-29 00:00:00",
        "1900-02-29 00:00:00",
        "2026-13-01 00:00:00",
        "2026-00-01 00:00:00",
        "2026-11-31 00:00:00",
        "2026-11-00 00:00:00",
        "2026-11-20 24:00:00",
        "2026-11-20 10:60:00",
        "2026-11-20 23:59:60",
        "2026-11-20 10:02:00.",
        "2026-11-20 10:02:00.1234567890",
        "2026-11-20 10:02:00Z",
        "2026-11-20 10:02:00 ",
        "2026-11-20  0:02:00",
        "2026-11-20 -1:02:00",
        "2026/11/20 10:02:00",
        "20261-1-20 10:02:00",
        "2026-11-20T10:02:00+25:00",
        "2026-11-20T10:02:60Z",
        "٢٠٢٦-11-20 10:02:00",
        "+999999999-12-31T23:59:59Z",
        "2026-11-20T10:02:00[UTC]",
        "2026-11-20X10:02:00",
      })
  void whatIsNoTimeIsNone(String text) {
    assertThat(EventTimes.parse(text)).isEmpty();
  }

  static List<TimeForms.Form> forms() {
    return TimeForms.documented();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void formsOfTheReferenceAreReadAsItSays(TimeForms.Form form) {
    assertThat(
            EventTimes.parse(form.text())
                .map(time -> new TimeForms.Time(time.micros(), time.exact())))
        .isEqualTo(form.time());
  }

  @Test
  void plainAndIsoAgree() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      long micros = (long) ((random.nextDouble() - 0.4) * 4e15);
      String iso = Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
      String plain = iso.replace('T', ' ').replace("Z", "");

      assertThat(EventTimes.parse(iso).orElseThrow().micros()).isEqualTo(micros);
      assertThat(EventTimes.parse(plain)).isEqualTo(EventTimes.parse(iso));
    }
  }
}
