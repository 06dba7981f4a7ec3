package io.nova.judge.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.fixtures.TimeForms;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExportTimeTest {
  static List<TimeForms.Form> forms() {
    return TimeForms.documented();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void formsOfTheReferenceAreReadAsItSays(TimeForms.Form form) {
    assertThat(
            ExportTime.of(form.text()).map(time -> new TimeForms.Time(time.micros(), time.exact())))
        .isEqualTo(form.time());
  }
}
