package io.nova.sql.source.split;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * The stored form of splits and of the enumerator's state, version 1: JSON of the records. Maps are
 * ordered by key, an empty Optional is null, and a bitmap is its own serialization in Base64. No
 * property may be missing or unknown.
 */
public final class SplitJson {
  /** The only version. */
  public static final int VERSION = 1;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(
              new SimpleModule()
                  .addSerializer(Roaring64Bitmap.class, new BitmapSerializer())
                  .addDeserializer(Roaring64Bitmap.class, new BitmapDeserializer()))
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final class BitmapSerializer extends JsonSerializer<Roaring64Bitmap> {
    @Override
    public void serialize(Roaring64Bitmap bitmap, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(bitmap.serializedSizeInBytes()));
      bitmap.serialize(bytes);
      out.writeBinary(bytes.array());
    }
  }

  private static final class BitmapDeserializer extends JsonDeserializer<Roaring64Bitmap> {
    @Override
    public Roaring64Bitmap deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      Roaring64Bitmap bitmap = new Roaring64Bitmap();
      bitmap.deserialize(ByteBuffer.wrap(in.getBinaryValue()));
      return bitmap;
    }
  }

  private SplitJson() {}

  /** The JSON of a record, in UTF-8. */
  public static byte[] write(Object value) throws IOException {
    return JSON.writeValueAsBytes(value);
  }

  /**
   * Reads a record.
   *
   * @throws IOException if the version is not {@link #VERSION}, or the bytes are not such a record
   */
  public static <T> T read(int version, byte[] json, Class<T> type) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "Stored split of a query: found version %s, expected %s. Start the query again."
              .formatted(version, VERSION));
    }
    return JSON.readValue(json, type);
  }
}
