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

  @Test
  void messageOfNovaIsKeptAboveTheLibraryThatFailed() {
    String trace =
        """
        java.lang.Exception: Could not perform checkpoint 5
        \tat org.apache.flink.A.b(A.java:1)
        Caused by: java.lang.IllegalStateException: Table t: A second writer is alive.
        \tat io.nova.iceberg.commit.CommitChain.failure(CommitChain.java:201)
        \tat org.apache.flink.A.b(A.java:1)
        Caused by: org.apache.iceberg.exceptions.ValidationException: no ancestor
        \tat org.apache.iceberg.A.b(A.java:1)
        \tat io.nova.iceberg.commit.CommitChain.apply(CommitChain.java:128)
        """;

    assertThat(RootCause.of(trace))
        .isEqualTo(
            "java.lang.IllegalStateException: Table t: A second writer is alive. Caused by"
                + " org.apache.iceberg.exceptions.ValidationException: no ancestor");
  }

  @Test
  void reasonThatNovaQuotesIsNotRepeated() {
    String trace =
        """
        java.io.UncheckedIOException: Policy file p cannot be read: disk away
        \tat io.nova.kafka.WatchedPolicies.read(WatchedPolicies.java:1)
        Caused by: java.io.IOException: disk away
        \tat sun.nio.A.b(A.java:1)
        """;

    assertThat(RootCause.of(trace))
        .isEqualTo("java.io.UncheckedIOException: Policy file p cannot be read: disk away");
  }
}
