package io.nova.event;

import io.nova.event.identity.Identity;
import io.nova.event.identity.IdentityFields;
import io.nova.event.identity.IdentityRule;
import io.nova.event.mapping.Mapping;
import io.nova.event.row.Column;
import io.nova.event.row.EventSchema;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the identity of a stored row in its columns. It is the identity that the row's message had
 * at its admission, if mapping and policies are the same. Not thread safe.
 */
public final class RowIdentity {
  /** The names of the columns that an identity may be made of, with app and upload time. */
  public static final List<String> COLUMNS =
      EventSchema.columns().stream()
          .filter(column -> IdentityFields.COMPARABLE.contains(column.kind()))
          .map(Column::name)
          .toList();

  private static final int[] POSITIONS = COLUMNS.stream().mapToInt(EventSchema::indexOf).toArray();

  private final IdentityRule rule;

  /** Identities by a mapping and by the columns that policies name. */
  public RowIdentity(Mapping mapping, IdentityFields identityFields) {
    this.rule = new IdentityRule(mapping, identityFields);
  }

  /**
   * The identity of a row; empty if it has none by these rules.
   *
   * @param row a column's value by its name: String, Long, Boolean or OffsetDateTime, or null
   */
  public Optional<Identity> of(Function<String, @Nullable Object> row) {
    EventFields fields = new EventFields(new byte[0]);
    for (int i = 0; i < POSITIONS.length; i++) {
      Object value = row.apply(COLUMNS.get(i));
      if (value != null) {
        fields.set(POSITIONS[i], value instanceof OffsetDateTime time ? micros(time) : value);
      }
    }
    return rule.apply(fields) instanceof Parsed.Event event
        ? Optional.of(event.identity())
        : Optional.empty();
  }

  private static long micros(OffsetDateTime time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant());
  }
}
