package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.cluster.FlinkRest;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StopCommandTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"RESTARTING", "FAILING", "FAILED", "CREATED", "INITIALIZING", "SUSPENDED"})
  void aJobThatDoesNotRunMakesNoSavepoint(String state) {
    assertThat(StopCommand.obstacle(job(state)).orElseThrow()).contains(state);
    assertThat(job(state).orElseThrow().done()).isFalse();
  }

  @Test
  void aRunningJobHasNoObstacle() {
    assertThat(StopCommand.obstacle(job("RUNNING"))).isEmpty();
    assertThat(StopCommand.obstacle(Optional.empty())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"FINISHED", "CANCELED"})
  void aJobThatHasEndedNeedsNoSavepoint(String state) {
    assertThat(job(state).orElseThrow().done()).isTrue();
  }

  private static Optional<FlinkRest.Job> job(String state) {
    return Optional.of(new FlinkRest.Job("a", "nova", state));
  }
}
