package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.NovaWarehouse;
import io.nova.event.Tally;
import io.nova.fixtures.Events;
import io.nova.iceberg.commit.NameNodeProxy.Cut;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.util.List;
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
  private CommitChain chain;
  private Draft draft;

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
    chain = CommitChain.begin(warehouse.open(), UUID.randomUUID().toString());
    draft = Draft.first(chain.head(), NovaWarehouse.RULES.shards());
    chain.apply(draw("a"));
  }

  private Link draw(String id) {
    draft.add(warehouse.write(Events.at("10:02").id(id)));
    return draft.draw(chain.generation(), new Tally());
  }

  private Link drawWithChunk(String one, String two) {
    BlockFile first = warehouse.write(Events.at("10:02").id(one));
    BlockFile second = warehouse.write(Events.at("10:02").id(two));
    draft.add(first);
    draft.add(second);
    draft.add(warehouse.merge(first, second));
    return draft.draw(chain.generation(), new Tally());
  }

  private CommitterState state(Link... pending) {
    return CommitterState.read(draft.state(chain.head(), List.of(pending)).write());
  }

  private CommitChain restart(CommitterState state) {
    return CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state);
  }

  @Test
  void commitSucceedsAlthoughTheNameNodesAnswerIsLost() {
    nameNode.next(Cut.BEFORE_THE_ANSWER);
    chain.apply(drawWithChunk("b", "c"));

    assertThat(nameNode.isWaiting()).isFalse();
    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
    CommitterState state = state();
    nameNode.next(Cut.BEFORE_THE_ANSWER);
    assertThat(restart(state).head()).isEqualTo(chain.head());
    assertThat(nameNode.isWaiting()).isFalse();
    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
  }

  @Test
  void commitThatTheNameNodeNeverSawIsAppliedByTheRestart() {
    Link link = drawWithChunk("b", "c");
    CommitterState state = state(link);
    nameNode.next(Cut.BEFORE_THE_REQUEST);
    assertThatIllegalStateException()
        .isThrownBy(() -> chain.apply(link))
        .withMessageContaining("it is unknown whether link " + link.uuid());
    assertThat(warehouse.ids()).containsExactly("a");

    restart(state);

    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
  }

  @Test
  void chainGoesOnWhileADataNodeIsDead() throws Exception {
    Link early = draw("b");
    MiniDFSCluster.DataNodeProperties dead = hdfs.stopDataNode(0);
    try {
      chain.apply(early);
      chain.apply(drawWithChunk("c", "d"));
      assertThat(warehouse.ids()).containsExactly("a", "b", "c", "d");
      restart(state());
      assertThat(warehouse.ids()).containsExactly("a", "b", "c", "d");
    } finally {
      hdfs.restartDataNode(dead);
      hdfs.waitActive();
    }
  }
}
