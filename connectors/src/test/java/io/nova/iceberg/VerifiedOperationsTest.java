package io.nova.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.NovaWarehouse;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ServiceUnavailableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors of a swap after which Iceberg would delete the manifests of the new version. */
class VerifiedOperationsTest {
  @TempDir private Path folder;

  /** Operations of a real table whose swap always fails like this. */
  private TableOperations failing(RuntimeException failure) {
    NovaWarehouse warehouse = new NovaWarehouse(folder.toString());
    TableOperations real = ((HasTableOperations) warehouse.open().iceberg()).operations();
    TableOperations failing =
        (TableOperations)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {TableOperations.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("commit")) {
                    throw failure;
                  }
                  try {
                    return method.invoke(real, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return VerifiedOperations.ofRegistered("here", failing, () -> failing);
  }

  private static void change(TableOperations operations) {
    TableMetadata base = operations.current();
    operations.commit(base, TableMetadata.buildFrom(base).setLocation("file:///else").build());
  }

  @Test
  void swapThatMayStillHappenIsUnknownWhateverTheErrorIs() {
    for (RuntimeException failure :
        new RuntimeException[] {
          new ServiceUnavailableException("busy"), new CommitFailedException("no row changed")
        }) {
      TableOperations operations = failing(failure);
      assertThatThrownBy(() -> change(operations))
          .isInstanceOf(CommitStateUnknownException.class)
          .hasCause(failure);
    }
  }

  @Test
  void errorAfterWhichNothingIsDeletedStaysAsItIs() {
    IllegalStateException failure = new IllegalStateException("closed");
    TableOperations operations = failing(failure);

    assertThatThrownBy(() -> change(operations)).isSameAs(failure);
    assertThat(operations.current()).isNotNull();
  }
}
