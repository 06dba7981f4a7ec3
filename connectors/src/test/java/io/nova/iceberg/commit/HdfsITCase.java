package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.NovaWarehouse;
import io.nova.iceberg.commit.NameNodeProxy.Cut;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commit chain on HDFS: a NameNode and three DataNodes in this JVM. */
class HdfsITCase {
  @TempDir private static Path disks;
  private static MiniDFSCluster hdfs;
  private static NameNodeProxy nameNode;

  private NovaWarehouse warehouse;
  private ChainWriter writer;

  @BeforeAll
  static void start() throws Exception {
    hdfs = new MiniDFSCluster.Builder(new Configuration(), disks.toFile()).numDataNodes(3).build();
    hdfs.waitActive();
    nameNode = new NameNodeProxy(hdfs.getNameNodePort());
  }

  @AfterAll
  static void stop() throws Exception {
    nameNode.close();
    hdfs.shutdown(true);
  }

  @BeforeEach
  void begin() {
    warehouse =
        new NovaWarehouse("hdfs://127.0.0.1:%d/%s".formatted(nameNode.port(), UUID.randomUUID()));
    writer = new ChainWriter(warehouse);
  }

  @Test
  void commitSucceedsAlthoughTheNameNodesAnswerIsLost() {
    nameNode.next(Cut.BEFORE_THE_ANSWER);
    writer.chain.apply(writer.drawWithChunk("b", "c"));

    assertThat(nameNode.isWaiting()).isFalse();
    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
    CommitterState state = writer.state();
    nameNode.next(Cut.BEFORE_THE_ANSWER);
    assertThat(writer.restart(state).head()).isEqualTo(writer.chain.head());
    assertThat(nameNode.isWaiting()).isFalse();
    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
  }

  @Test
  void commitThatTheNameNodeNeverSawIsAppliedByTheRestart() {
    Link link = writer.drawWithChunk("b", "c");
    CommitterState state = writer.state(link);
    nameNode.next(Cut.BEFORE_THE_REQUEST);
    assertThatIllegalStateException()
        .isThrownBy(() -> writer.chain.apply(link))
        .withMessageContaining("it is unknown whether link " + link.uuid());
    assertThat(warehouse.ids()).containsExactly("a");

    writer.restart(state);

    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
  }

  @Test
  void chainGoesOnWhileADataNodeIsDead() throws Exception {
    Link early = writer.draw("b");
    MiniDFSCluster.DataNodeProperties dead = hdfs.stopDataNode(0);
    try {
      writer.chain.apply(early);
      writer.chain.apply(writer.drawWithChunk("c", "d"));
      assertThat(warehouse.ids()).containsExactly("a", "b", "c", "d");
      writer.restart(writer.state());
      assertThat(warehouse.ids()).containsExactly("a", "b", "c", "d");
    } finally {
      hdfs.restartDataNode(dead);
      hdfs.waitActive();
    }
  }
}
