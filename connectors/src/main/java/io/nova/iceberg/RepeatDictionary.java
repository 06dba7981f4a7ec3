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
  private @Nullable Binary last;
  private int lastId;

  RepeatDictionary(int maxBytes, ByteBufferAllocator allocator) {
    super(maxBytes, Encoding.RLE_DICTIONARY, Encoding.PLAIN, allocator);
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
