package io.nova.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RateCurveTest {
  private final RateCurve curve = new RateCurve();

  @Test
  void sustainedRateLeavesOutColdStartAndEnd() {
    curve.add(2, 200);
    curve.add(10, 250);
    curve.add(11, 575);
    curve.add(12, 900);
    curve.add(14, 1000);

    assertThat(curve.sustained(0, 1000)).isCloseTo(325, within(1e-6));
  }

  @Test
  void countGrowsEvenlyBetweenTwoLooks() {
    curve.add(2, 100);
    curve.add(4, 300);

    assertThat(curve.secondsAt(200)).isCloseTo(3, within(1e-9));
    assertThat(curve.sustained(100, 200)).isCloseTo(100, within(1e-6));
  }

  @Test
  void oldAnswersAreNoChange() {
    curve.add(1, 100);
    curve.add(1.2, 100);
    curve.add(1.4, 90);
    curve.add(2, 200);

    assertThat(curve.points()).hasSize(3);
    assertThat(curve.secondsAt(150)).isCloseTo(1.5, within(1e-9));
  }

  @Test
  void countStandsStillUntilShortlyBeforeItsChange() {
    curve.add(10, 100);
    curve.add(11, 200);

    assertThat(curve.secondsAt(50)).isCloseTo(9.5, within(1e-9));
    assertThat(curve.secondsAt(100)).isCloseTo(10, within(1e-9));
  }

  @Test
  void countThatWasNotReachedHasNoTime() {
    curve.add(1, 100);

    assertThatThrownBy(() -> curve.secondsAt(101)).hasMessageContaining("100 at most");
  }

  @Test
  void ratesAreTakenOverTheWidth() {
    curve.add(1, 100);
    curve.add(2, 300);
    curve.add(4, 300);
    curve.add(5, 900);

    assertThat(curve.rates(2))
        .containsExactly(new RateCurve.Point(1, 150), new RateCurve.Point(3.5, 200));
  }
}
