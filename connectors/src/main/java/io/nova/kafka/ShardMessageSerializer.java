package io.nova.kafka;

import io.nova.shard.ConflictRule;
import io.nova.shard.Offer;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Serializes messages to shards. Every event passes this edge, and Flink's serializer of POJOs sets
 * each field by reflection. The form is for one run of a job and is never stored.
 */
public final class ShardMessageSerializer extends TypeSerializerSingleton<ShardMessage> {
  /** The only one. */
  public static final ShardMessageSerializer INSTANCE = new ShardMessageSerializer();

  @Serial private static final long serialVersionUID = 1;

  private static final int EVENT = 0;
  private static final int PROGRESS = 1;
  private static final int GENERATION = 2;
  private static final int CLOSE = 3;

  private static final int TRACKED = 1;
  private static final int HAS_IDENTITY_FIELDS = 2;
  private static final int COUNTED_AS_ANOTHER_APP = 4;
  private static final int ELEMENT = 8;

  private static final List<ConflictRule> CONFLICT_RULES = List.of(ConflictRule.values());

  private ShardMessageSerializer() {}

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public ShardMessage createInstance() {
    return new ShardMessage();
  }

  @Override
  public ShardMessage copy(ShardMessage from) {
    return from;
  }

  @Override
  public ShardMessage copy(ShardMessage from, ShardMessage reuse) {
    return from;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(ShardMessage message, DataOutputView target) throws IOException {
    target.writeInt(message.shard);
    if (message.event != null) {
      target.writeByte(EVENT);
      write(message.event, target);
    } else if (message.progress != null) {
      target.writeByte(PROGRESS);
      target.writeInt(message.progress.partition);
      target.writeLong(message.progress.uploadMicros);
      target.writeLong(message.progress.offset);
    } else if (message.generation != null) {
      target.writeByte(GENERATION);
      write(message.generation, target);
    } else if (message.closeUpTo != null) {
      target.writeByte(CLOSE);
      target.writeLong(message.closeUpTo);
    } else {
      throw new IllegalStateException(
          "A message to shard %s: found nothing in it".formatted(message.shard));
    }
  }

  private static void write(Offer event, DataOutputView target) throws IOException {
    target.writeLong(event.high);
    target.writeLong(event.low);
    target.writeLong(event.uploadMicros);
    target.writeLong(event.eventMicros);
    target.writeLong(event.progressMicros);
    target.writeInt(event.windowBlocks);
    target.writeByte(CONFLICT_RULES.indexOf(event.conflict));
    target.writeInt(event.partition);
    target.writeLong(event.offset);
    target.writeByte(
        (event.tracked ? TRACKED : 0)
            | (event.identityFields.isEmpty() ? 0 : HAS_IDENTITY_FIELDS)
            | (event.countedAs.equals(event.app) ? 0 : COUNTED_AS_ANOTHER_APP)
            | (event.element ? ELEMENT : 0));
    if (event.tracked) {
      target.writeLong(event.payload);
    }
    if (!event.identityFields.isEmpty()) {
      write(event.identityFields, target);
    }
    write(event.app, target);
    if (!event.countedAs.equals(event.app)) {
      write(event.countedAs, target);
    }
    write(event.row, target);
    write(event.original, target);
    if (event.element) {
      target.writeInt(event.index);
      write(event.envelope, target);
    }
  }

  private static void write(String text, DataOutputView target) throws IOException {
    write(text.getBytes(StandardCharsets.UTF_8), target);
  }

  private static void write(byte[] bytes, DataOutputView target) throws IOException {
    target.writeInt(bytes.length);
    target.write(bytes);
  }

  @Override
  public ShardMessage deserialize(DataInputView source) throws IOException {
    ShardMessage message = new ShardMessage();
    message.shard = source.readInt();
    int kind = source.readByte();
    switch (kind) {
      case EVENT -> message.event = event(source);
      case PROGRESS ->
          message.progress =
              PartitionProgress.of(source.readInt(), source.readLong(), source.readLong());
      case GENERATION -> message.generation = text(source);
      case CLOSE -> message.closeUpTo = source.readLong();
      default ->
          throw new IOException(
              "A message to shard %s: found kind %s, expected 0 to 3"
                  .formatted(message.shard, kind));
    }
    return message;
  }

  @Override
  public ShardMessage deserialize(ShardMessage reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  private static Offer event(DataInputView source) throws IOException {
    Offer event = new Offer();
    event.high = source.readLong();
    event.low = source.readLong();
    event.uploadMicros = source.readLong();
    event.eventMicros = source.readLong();
    event.progressMicros = source.readLong();
    event.windowBlocks = source.readInt();
    event.conflict = CONFLICT_RULES.get(source.readByte());
    event.partition = source.readInt();
    event.offset = source.readLong();
    int flags = source.readByte();
    event.tracked = (flags & TRACKED) != 0;
    if (event.tracked) {
      event.payload = source.readLong();
    }
    if ((flags & HAS_IDENTITY_FIELDS) != 0) {
      event.identityFields = text(source);
    }
    event.app = text(source);
    event.countedAs = (flags & COUNTED_AS_ANOTHER_APP) != 0 ? text(source) : event.app;
    event.row = bytes(source);
    event.original = bytes(source);
    event.element = (flags & ELEMENT) != 0;
    if (event.element) {
      event.index = source.readInt();
      event.envelope = bytes(source);
    }
    return event;
  }

  private static String text(DataInputView source) throws IOException {
    return new String(bytes(source), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(DataInputView source) throws IOException {
    byte[] bytes = new byte[source.readInt()];
    source.readFully(bytes);
    return bytes;
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<ShardMessage> snapshotConfiguration() {
    return new Snapshot();
  }

  /** For Flink, which asks every serializer. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<ShardMessage> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
