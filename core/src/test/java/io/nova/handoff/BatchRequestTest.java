package io.nova.handoff;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class BatchRequestTest {
  @Test
  void aRequestIsReadAsItWasWritten() {
    for (BatchRequest request :
        List.of(
            BatchRequest.close(20_778, true, List.of(3), "ops", 5),
            BatchRequest.complete(20_778, "link", new AuditFigures(7, "d"), "etl", 5),
            BatchRequest.withdraw(20_778, "etl", 5),
            BatchRequest.retire(3, "ops", 5),
            BatchRequest.expire("ops", 5))) {
      assertThat(BatchRequest.read(request.write())).isEqualTo(request);
    }
  }

  @Test
  void aRequestOfAnotherFormIsNamed() {
    refused(
        "{\"version\":2,\"kind\":\"CLOSE\",\"batch\":1,\"force\":false,\"leaveOut\":[],"
            + "\"by\":\"a\",\"atMs\":5}",
        "version 2 found");
    refused(
        "{\"version\":1,\"kind\":\"COMPLETE\",\"batch\":1,\"force\":false,\"leaveOut\":[],"
            + "\"link\":\"l\",\"audit\":{\"rows\":7},\"by\":\"a\",\"atMs\":5}",
        "expected rows and digest");
    refused("{\"version\":1,\"kind\":\"EXPIRE\"}", "Not a record of topic batches");
    refused("close it", "Not a record of topic batches");
  }

  private static void refused(String stored, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BatchRequest.read(stored.getBytes(UTF_8)))
        .withMessageContaining(why);
  }
}
