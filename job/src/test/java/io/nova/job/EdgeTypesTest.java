package io.nova.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.handoff.BatchAnswer;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.SmallChunk;
import io.nova.job.handoff.BatchOrder;
import io.nova.job.metrics.TallyReport;
import io.nova.job.shard.BlockOutput;
import io.nova.job.table.TableChange;
import io.nova.kafka.Admitted;
import io.nova.kafka.PartitionProgress;
import io.nova.kafka.Received;
import io.nova.kafka.Rejected;
import io.nova.kafka.ShardMessage;
import io.nova.shard.BlockFile;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EdgeTypesTest {
  private static final BlockFile FILE =
      new BlockFile("file:/b.avro", 10, 3, 20514, 1, 2, List.of(new BlockFile.Block(4, 1, 3)));

  @ParameterizedTest
  @ValueSource(
      classes = {
        Received.class,
        ShardMessage.class,
        Rejected.class,
        Admitted.class,
        BlockOutput.class,
        BlockFile.class,
        Chunk.class,
        TableChange.class,
        TallyReport.class,
        PartitionProgress.class,
        BatchOrder.class,
        BatchAnswer.class
      })
  void noEdgeFallsBackToKryo(Class<?> type) {
    SerializerConfigImpl noGenericTypes = new SerializerConfigImpl();
    noGenericTypes.setGenericTypes(false);

    assertThat(TypeInformation.of(type).createSerializer(noGenericTypes)).isNotNull();
  }

  @Test
  void tableChangesCrossAnEdgeUnchanged() throws Exception {
    TableChange change =
        TableChange.of(
            new Chunk(
                "file:/c.parquet",
                5,
                4,
                20514,
                "0".repeat(32),
                true,
                List.of(FILE),
                List.of(new SmallChunk("file:/d.parquet", 2, 1, 20514))));

    TableChange copy = crossed(change, TableChange.class);

    assertThat(copy.chunk).isEqualTo(change.chunk);
    assertThat(copy.blockFile).isNull();
    assertThat(copy.tally).isNull();
  }

  @Test
  void answersAndOrdersCrossAnEdgeUnchanged() throws Exception {
    BatchAnswer answer = BatchAnswer.closed(null, 20514, "u", Map.of(3, 17L), 1);
    BatchOrder order = BatchOrder.close(20514, "nova");

    assertThat(crossed(answer, BatchAnswer.class)).isEqualTo(answer);
    BatchOrder copy = crossed(order, BatchOrder.class);
    assertThat(copy.closeUpTo).isEqualTo(20514);
    assertThat(copy.requestId).isNull();
    assertThat(copy.request).isNull();
  }

  private static <T> T crossed(T change, Class<T> type) throws Exception {
    TypeSerializer<T> serializer =
        TypeInformation.of(type).createSerializer(new SerializerConfigImpl());
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(change, out);
    return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
  }
}
