package io.nova.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RootCauseTest {
  @Test
  void theFirstFailureIsNamedAndNotWhatFollowedFromIt() {
    String trace =
        """
        org.apache.flink.util.FlinkRuntimeException: Failed to list partitions
        \tat org.apache.flink.A.b(A.java:1)
        Caused by: java.util.concurrent.ExecutionException: wrapped
        \t... 2 more
        Caused by: io.nova.kafka.source.UnreadableTopicException: Topic events: found id x
        \tat io.nova.kafka.source.SplitCheck.mustBeSame(SplitCheck.java:1)
        """;

    assertThat(RootCause.of(trace))
        .isEqualTo("io.nova.kafka.source.UnreadableTopicException: Topic events: found id x");
    assertThat(RootCause.of("java.lang.OutOfMemoryError: heap\n\tat a.b(C.java)"))
        .isEqualTo("java.lang.OutOfMemoryError: heap");
    assertThat(RootCause.of("")).isEmpty();
  }
}
