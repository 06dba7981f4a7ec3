package io.nova.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nova.NovaWarehouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogAddressTest {
  @TempDir private Path folder;

  private static CatalogAddress of(Map<String, String> options) {
    return CatalogAddress.of("nova.catalog.", "w", options);
  }

  private static void mustBeRefused(Map<String, String> options, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventTable.findOrCreate(of(options), NovaWarehouse.RULES))
        .withMessageContaining(why);
  }

  @Test
  void theDefaultIsTheHadoopCatalog() {
    assertThat(of(Map.of())).isEqualTo(CatalogAddress.hadoop("w"));
    assertThat(of(Map.of("type", "hadoop")).isHadoop()).isTrue();
    assertThat(of(Map.of("impl", VerifiedHadoopCatalog.class.getName())).isHadoop()).isTrue();
    assertThat(of(Map.of()).forIceberg())
        .containsEntry("catalog-impl", VerifiedHadoopCatalog.class.getName())
        .containsEntry("warehouse", "w");
  }

  @Test
  void anOptionWinsOverTheFile() throws Exception {
    Path file = folder.resolve("catalog.properties");
    Files.writeString(file, "type=jdbc\nuri=jdbc:of:file\njdbc.user=nova\n");

    CatalogAddress address =
        of(Map.of("properties-file", file.toString(), "uri", "jdbc:of:option"));

    assertThat(address.kind()).isEqualTo("jdbc");
    assertThat(address.properties())
        .containsEntry("uri", "jdbc:of:option")
        .containsEntry("jdbc.user", "nova");
  }

  @Test
  void optionsThatContradictEachOtherAreRefused() {
    mustBeRefused(
        Map.of("type", "jdbc", "impl", "x.Y"),
        "Option nova.catalog.impl: found also nova.catalog.type");
    mustBeRefused(Map.of("catalog-impl", "x.Y"), "expected it in nova.catalog.impl");
    mustBeRefused(Map.of("warehouse", "x"), "found a second warehouse");
    mustBeRefused(Map.of("type", "JDBC"), "found JDBC, expected one of [hadoop, rest, jdbc");
    mustBeRefused(Map.of("type", "rest"), "Option nova.catalog.uri: found nothing");
  }

  @Test
  void aCatalogThatWouldLoseACommitIsRefused() {
    mustBeRefused(Map.of("impl", HadoopCatalog.class.getName()), "Set the type hadoop");
    mustBeRefused(Map.of("impl", "no.such.Catalog"), "is not on the class path");
    mustBeRefused(Map.of("type", "hive"), "Catalog hive of warehouse w cannot be opened");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventTable.find(CatalogAddress.hadoop("s3a://bucket/w")))
        .withMessageContaining("the store s3a has no atomic rename")
        .withMessageContaining("a catalog of type jdbc or rest");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://bucket/t", "s3a://bucket/t", "gs://bucket/t", "unknown:/t"})
  void aLocationThatHadoopCannotWriteIsRefused(String location) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TableCatalog.mustBeWritable(location))
        .withMessageContaining("Hadoop has no file system for the scheme");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:x://h/d?user=u&password=geheim",
        "jdbc:x://h;PASSWORD=geheim",
        "jdbc:oracle:thin:scott/geheim@//h/d",
        "jdbc:mysql://address=(host=h)(user=u)(password=geheim)/d",
        "jdbc:mysql://(host=h,user=u,password=geheim)/d",
        "jdbc:postgresql://h/d?sslpassword=geheim",
        "https://user:geheim@host/api"
      })
  void aPasswordInTheUriIsRefusedAndNotRepeated(String uri) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(Map.of("type", "jdbc", "uri", uri)))
        .withMessageContaining("found a password in it")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("geheim"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:oracle:thin:@//h:1521/d",
        "jdbc:oracle:thin:/@alias",
        "jdbc:postgresql://h:5432/d?user=u",
        "https://h/api/tenant@team/v1"
      })
  void aUriWithoutAPasswordIsTaken(String uri) {
    assertThat(of(Map.of("type", "jdbc", "uri", uri)).properties()).containsEntry("uri", uri);
  }

  @Test
  void anAddressWithoutAKindOfCatalogIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(Map.of("tpye", "jdbc", "uri", "jdbc:x:y")))
        .withMessageContaining("found an address without a kind of catalog");
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc.password, x, true",
    "token, x, true",
    "credential, id:x, true",
    "s3.secret-access-key, x, true",
    "s3.session-token, x, true",
    "header.Authorization, Bearer x, true",
    "adls.auth.shared-key.account.key, x, true",
    "jdbc.password, 20261130, true",
    "s3.sse.key, x, true",
    "gcs.encryption-key, x, true",
    "adls.connection-string.a, x, true",
    "token-expires-in-ms, 3600000, false",
    "jdbc.user, x, false",
    "oauth2-server-uri, https://h/token, false",
    "token-refresh-enabled, true, false",
    "client.credentials-provider, a.Class, false",
    "properties-file, /etc/secret, false",
    "uri, jdbc:x://h/d, false"
  })
  void secretsAreKnownByTheirNames(String name, String value, boolean secret) {
    assertThat(CatalogAddress.isSecret(name, value)).isEqualTo(secret);
  }

  @Test
  void theTextOfAnAddressHasNoValues() {
    assertThat(of(Map.of("type", "jdbc", "uri", "jdbc:x:y", "jdbc.password", "geheim")).toString())
        .isEqualTo("jdbc catalog of w [jdbc.password, type, uri]");
  }
}
