package io.nova.job.metrics;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.event.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Tallies as JSON bytes, in state and between operators. */
public final class TallyCodec {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private TallyCodec() {}

  public static byte[] write(Tally tally) {
    try {
      return JSON.writeValueAsBytes(tally);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Tally read(byte[] stored) {
    try {
      return JSON.readValue(stored, Tally.class);
    } catch (IOException e) {
      throw new UncheckedIOException("A tally cannot be read: " + e.getMessage(), e);
    }
  }
}
