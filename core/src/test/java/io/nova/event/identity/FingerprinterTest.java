package io.nova.event.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.bouncycastle.crypto.macs.SipHash128;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class FingerprinterTest {
  private static final FingerprintKey KEY =
      FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f");
  private static final Fingerprinter FINGERPRINTER = new Fingerprinter(KEY);

  /** Vectors 0, 1 and 15 of vectors_sip128 in the authors' reference implementation. */
  @Test
  void theLibraryIsTheAuthorsSipHash128() {
    assertThat(sipHash(0)).isEqualTo("a3817f04ba25a8e66df67214c7550293");
    assertThat(sipHash(1)).isEqualTo("da87c1d86b99af44347659119b22fc45");
    assertThat(sipHash(15)).isEqualTo("5493e99933b0a8117e08ec0f97cfc3d9");
  }

  private static String sipHash(int length) {
    byte[] input = new byte[length];
    for (int i = 0; i < length; i++) {
      input[i] = (byte) i;
    }
    return sipHash(HexFormat.of().formatHex(input));
  }

  private static String sipHash(String inputHex) {
    SipHash128 hash = new SipHash128();
    hash.init(new KeyParameter(KEY.bytes()));
    byte[] input = HexFormat.of().parseHex(inputHex);
    hash.update(input, 0, input.length);
    byte[] result = new byte[16];
    hash.doFinal(result, 0);
    return HexFormat.of().formatHex(result);
  }

  /**
   * docs/reference/formats.md: the kind, the app, then each field, a string after its length in
   * bytes.
   */
  @Test
  void fingerprintsAreAFormat() {
    assertThat(hex(new Identity.ByInsertId(7, "d", "ij")))
        .isEqualTo(
            sipHash(
                "01"
                    + "0000000000000007"
                    + "0000000000000001"
                    + "64"
                    + "0000000000000002"
                    + "696a"));
    assertThat(hex(new Identity.ByUuid(7, "é")))
        .isEqualTo(sipHash("02" + "0000000000000007" + "0000000000000002" + "c3a9"));
    assertThat(hex(new Identity.ByCounter(-1, "d", 5, -6)))
        .isEqualTo(
            sipHash(
                "03"
                    + "ffffffffffffffff"
                    + "0000000000000001"
                    + "64"
                    + "0000000000000005"
                    + "fffffffffffffffa"));
    assertThat(hex(new Identity.ByFields(7, List.of("city", "uuid"), List.of("b", "é"))))
        .isEqualTo(
            sipHash(
                "04"
                    + "0000000000000007"
                    + "0000000000000002"
                    + "0000000000000004"
                    + "63697479"
                    + "0000000000000001"
                    + "62"
                    + "0000000000000004"
                    + "75756964"
                    + "0000000000000002"
                    + "c3a9"));
  }

  private static String hex(Identity identity) {
    Fingerprint fingerprint = FINGERPRINTER.of(identity);
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(fingerprint.high()) + hex.toHexDigits(fingerprint.low());
  }

  @Test
  void fieldsDoNotRunIntoEachOther() {
    assertThat(FINGERPRINTER.of(new Identity.ByInsertId(1, "ab", "c")))
        .isNotEqualTo(FINGERPRINTER.of(new Identity.ByInsertId(1, "a", "bc")));
    assertThat(FINGERPRINTER.of(new Identity.ByInsertId(1, "é", "c")))
        .isNotEqualTo(FINGERPRINTER.of(new Identity.ByInsertId(1, "e\u0301", "c")));
  }

  @Test
  void kindsAppsAndFieldsNeverMeet() {
    List<Identity> identities = new ArrayList<>();
    for (long app = -2; app <= 2; app++) {
      for (String text : List.of("a", "b", "\0", "1")) {
        identities.add(new Identity.ByUuid(app, text));
        identities.add(new Identity.ByInsertId(app, text, text));
        identities.add(new Identity.ByInsertId(app, text, "a\0"));
        identities.add(new Identity.ByCounter(app, text, 1, 0));
        identities.add(new Identity.ByCounter(app, text, 0, 1));
        identities.add(new Identity.ByFields(app, List.of("uuid"), List.of(text)));
        identities.add(new Identity.ByFields(app, List.of("city"), List.of(text)));
        identities.add(new Identity.ByFields(app, List.of("city", "uuid"), List.of(text, text)));
        identities.add(new Identity.ByFields(app, List.of("city", "uuid"), List.of(text, "a\0")));
      }
    }
    Set<Fingerprint> fingerprints = new HashSet<>();
    identities.forEach(identity -> fingerprints.add(FINGERPRINTER.of(identity)));

    assertThat(fingerprints).hasSize(identities.size());
  }

  @Test
  void sameIdentityHasTheSameFingerprintUnderTheSameKeyOnly() {
    Identity identity = new Identity.ByUuid(1, "u");

    assertThat(new Fingerprinter(KEY).of(identity)).isEqualTo(FINGERPRINTER.of(identity));
    assertThat(new Fingerprinter(FingerprintKey.draw()).of(identity))
        .isNotEqualTo(FINGERPRINTER.of(identity));
  }

  @Test
  void shardsAreFilledEvenly() {
    int[] filled = new int[128];
    for (int i = 0; i < 128_000; i++) {
      filled[FINGERPRINTER.of(new Identity.ByUuid(1, "u" + i)).shard(128)]++;
    }

    for (int count : filled) {
      assertThat(count).isBetween(850, 1150);
    }
  }

  @Test
  void keysAreWrittenAndReadBack() {
    FingerprintKey drawn = FingerprintKey.draw();

    assertThat(FingerprintKey.ofHex(drawn.hex()).bytes()).isEqualTo(drawn.bytes());
    assertThat(FingerprintKey.draw().hex()).isNotEqualTo(drawn.hex());
  }
}
