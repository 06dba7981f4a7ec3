package io.nova.iceberg;

import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.values.dictionary.DictionaryValuesWriter.PlainBinaryDictionaryValuesWriter;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/**
 * Parquet's dictionary of strings. It does not look up a string that is the same object as the one
 * before: rows are sorted, so most are.
 */
final class RepeatDictionary extends PlainBinaryDictionaryValuesWriter {
  private final boolean always;
  private @Nullable Binary last;
  private int lastId;

  /**
   * An empty dictionary.
   *
   * @param always whether the first page does not decide if it pays: users of one event type are
   *     almost unique, but they have events of other types as well
   */
  RepeatDictionary(int maxBytes, ByteBufferAllocator allocator, boolean always) {
    super(maxBytes, Encoding.RLE_DICTIONARY, Encoding.PLAIN, allocator);
    this.always = always;
  }

  /** A column of nulls must not have one: Parquet writes no empty dictionary. */
  @Override
  public boolean isCompressionSatisfying(long rawBytes, long encodedBytes) {
    return (always && rawBytes > 0) || super.isCompressionSatisfying(rawBytes, encodedBytes);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // equal strings that are not the same are looked up
  public void writeBytes(Binary value) {
    if (value == last) {
      encodedValues.add(lastId);
      return;
    }
    int id = binaryDictionaryContent.getInt(value);
    if (id < 0) {
      id = binaryDictionaryContent.size();
      binaryDictionaryContent.put(value.copy(), id);
      dictionaryByteSize += Integer.BYTES + (long) value.length();
    }
    encodedValues.add(id);
    last = value;
    lastId = id;
  }

  @Override
  protected void clearDictionaryContent() {
    super.clearDictionaryContent();
    last = null;
  }
}
