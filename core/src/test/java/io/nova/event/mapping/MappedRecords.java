package io.nova.event.mapping;

import static io.nova.event.TestMessages.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.RejectReason;
import io.nova.event.identity.IdentityFields;

/** Records as a mapping reads them. */
final class MappedRecords {
  private MappedRecords() {}

  static Parsed parse(Mapping mapping, String record) {
    return new EventParser(mapping, IdentityFields.BY_MAPPING).parse(utf8(record));
  }

  static Parsed.Event event(Mapping mapping, String record) {
    Parsed parsed = parse(mapping, record);
    assertThat(parsed).isInstanceOf(Parsed.Event.class);
    return (Parsed.Event) parsed;
  }

  static void assertRejected(Mapping mapping, String record, RejectReason reason, String... named) {
    assertThat(parse(mapping, record))
        .isInstanceOfSatisfying(
            Parsed.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(reason);
              assertThat(rejected.detail()).contains(named);
            });
  }
}
