package io.nova.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class BrokerFailureTest {
  private static String reason(Exception cause) {
    return BrokerFailure.of(new ExecutionException(cause), 30);
  }

  @Test
  void missingTopicIsToBeCreated() {
    assertThat(reason(new UnknownTopicOrPartitionException("This server does not host it.")))
        .isEqualTo("it does not exist. Create it, or correct the option that names it");
  }

  @Test
  void wrongPasswordAndMissingRightAreToldApart() {
    assertThat(reason(new SaslAuthenticationException("Invalid username or password")))
        .contains("authentication failed (Invalid username or password)")
        .contains("Correct nova.kafka.client-config or nova.kafka.property.*");
    assertThat(reason(new TopicAuthorizationException("Topic authorization failed.")))
        .contains("the job's user has no right to it (Topic authorization failed.)");
  }

  @Test
  void silentBrokersAreNamedWithTheTimeAndBothCauses() {
    String silent = BrokerFailure.of(new java.util.concurrent.TimeoutException(), 30);

    assertThat(silent)
        .contains("did not answer within 30 s")
        .contains("nova.kafka.bootstrap-servers, and nova.kafka.client-config")
        .contains("SASL or TLS");
    assertThat(reason(new TimeoutException("Call timed out"))).isEqualTo(silent);
  }

  @Test
  void anotherFailureIsNamedAsItIs() {
    assertThat(reason(new KafkaException("disk"))).endsWith("KafkaException: disk");
  }
}
