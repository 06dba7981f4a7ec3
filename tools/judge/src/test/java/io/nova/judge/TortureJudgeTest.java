package io.nova.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.fixtures.TortureInputs;
import io.nova.fixtures.TortureInputs.Input;
import io.nova.judge.record.Content;
import io.nova.judge.record.Digest;
import io.nova.judge.record.ExportKey;
import io.nova.judge.record.ExportKeys;
import io.nova.judge.record.Reason;
import io.nova.judge.record.RecordMapping;
import io.nova.judge.record.SentReader;
import io.nova.judge.record.SentRecord;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The judge reads the torture set with the outcomes that the job must have, too. */
class TortureJudgeTest {
  private final SentReader reader = new SentReader();

  static List<Input> inputs() throws IOException {
    return TortureInputs.all();
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void eachInputHasItsOutcome(Input input) {
    SentRecord read = reader.read(input.bytes());

    if (input.reason() != null) {
      assertThat(read.faults()).contains(Reason.valueOf(input.reason().toUpperCase(Locale.ROOT)));
      return;
    }
    assertThat(read.faults()).isEmpty();
    Content content = read.content();
    for (ExportKey key : ExportKeys.ALL) {
      assertThat(unsigned(content.get(key)))
          .as(key.column())
          .isEqualTo(unsigned(input.expected(key.column())));
    }
    assertThat(content.user().orElse(null)).isEqualTo(input.expected("user"));
    assertThat(content.extraJson() == null).isEqualTo(input.expected("extra") == null);
  }

  /** Minus zero and zero are one number. */
  private static Object unsigned(Object value) {
    return value instanceof Double number && number == 0 ? (Object) 0.0 : value;
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void amplitudesMappingReadsWhatTheExportReaderReads(Input input) {
    RecordMapping amplitude = RecordMapping.AMPLITUDE;
    SentReader mapped =
        new SentReader(
            new RecordMapping(
                "mapped", false, Optional.empty(), amplitude.columns(), amplitude.identity()));

    SentRecord byMapping = mapped.read(input.bytes());
    SentRecord byExport = reader.read(input.bytes());

    assertThat(byMapping.faults()).isEqualTo(byExport.faults());
    if (byExport.content() != null) {
      Digest digest = new Digest();
      assertThat(byMapping.content().payload(digest)).isEqualTo(byExport.content().payload(digest));
    }
  }
}
