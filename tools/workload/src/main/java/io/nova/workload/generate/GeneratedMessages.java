package io.nova.workload.generate;

import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import java.util.OptionalLong;

/**
 * The messages of generated days. They are made while they are read; visits in progress are kept.
 */
public final class GeneratedMessages implements Messages {
  private final GeneratorOptions options;

  /** The days of these options. */
  public GeneratedMessages(GeneratorOptions options) {
    this.options = options;
  }

  @Override
  public String name() {
    return options.days() == 1
        ? "generated day %s (seed %d)".formatted(options.day(), options.seed())
        : "%d generated days from %s (seed %d)"
            .formatted(options.days(), options.day(), options.seed());
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.of(options.count());
  }

  @Override
  public MessageCursor open() {
    return new GeneratedCursor(options);
  }
}
