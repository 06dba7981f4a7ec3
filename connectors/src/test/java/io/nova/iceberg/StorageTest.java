package io.nova.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nova.NovaWarehouse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageTest {
  @TempDir private Path folder;

  private static void mustBeRefused(String warehouse, Configuration hadoop) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Storage.mustHaveAtomicRename(warehouse, hadoop))
        .withMessageContaining("has no atomic rename");
  }

  private Configuration mounting(String cluster, String target) {
    Configuration hadoop = Storage.configuration();
    hadoop.set("fs.viewfs.mounttable." + cluster + ".link./mounted", target);
    hadoop.setClass("fs.hdfs.impl", UnreliableStore.class, org.apache.hadoop.fs.FileSystem.class);
    return hadoop;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3a://bucket/w",
        "S3A://bucket/w",
        "s3://bucket/w",
        "s3n://bucket/w",
        "gs://bucket/w",
        "abfs://c@a.dfs.core.windows.net/w",
        "abfss://c@a.dfs.core.windows.net/w",
        "wasbs://c@a/w",
        "oss://bucket/w",
        "cosn://bucket/w",
        "o3fs://b.v/w",
        "ofs://om/v/b/w",
        "webhdfs://namenode:9870/w",
        "har://hdfs-namenode/a.har/w",
        "dbfs:/w",
        "s3a:/w",
        "http://host/w"
      })
  void storesWithoutAtomicRenameAreRefused(String warehouse) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventTable.find(warehouse))
        .withMessageContaining("has no atomic rename");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventTable.findOrCreate(warehouse, NovaWarehouse.RULES))
        .withMessageContaining("Nothing was written");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hdfs:///w", "hdfs://namenode:8020/w", "file:///w", "/w", "w"})
  void hdfsAndLocalDisksAreAccepted(String warehouse) {
    assertThatCode(() -> Storage.mustHaveAtomicRename(warehouse)).doesNotThrowAnyException();
  }

  @Test
  void pathWithoutASchemeLiesInTheDefaultFileSystem() {
    Configuration hadoop = Storage.configuration();
    hadoop.set("fs.defaultFS", "s3a://bucket");

    mustBeRefused("/warehouse", hadoop);
  }

  @Test
  void mountsAreResolved() throws Exception {
    Files.createDirectory(folder.resolve("w"));

    mustBeRefused("viewfs://disks/mounted/w", mounting("disks", folder.toUri().toString()));
    assertThatCode(
            () ->
                Storage.mustHaveAtomicRename(
                    "viewfs://hdfs/mounted/missing/w",
                    mounting("hdfs", UnreliableStore.uri(folder))))
        .doesNotThrowAnyException();
    assertThat(folder.resolve("missing")).doesNotExist();
  }
}
