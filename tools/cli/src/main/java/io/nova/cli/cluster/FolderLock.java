package io.nova.cli.cluster;

import io.nova.cli.process.CommandException;
import io.nova.cli.process.OwnProcess;
import io.nova.cli.process.WorkFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The lock of a working folder: only one launcher has it. It ends with {@link #close}. */
final class FolderLock implements AutoCloseable {
  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Locks the folder.
   *
   * @throws CommandException when another launcher runs in it, or processes of an earlier one
   */
  static FolderLock take(WorkFolder folder) {
    FolderLock lock = lock(folder);
    List<OwnProcess> left = RunFile.in(folder).map(RunFile::alive).orElseGet(List::of);
    if (!left.isEmpty()) {
      lock.close();
      throw new CommandException(
          "Processes of an earlier run still run in %s: %s. Stop them with `nova stop`."
              .formatted(folder.dir(), left.stream().map(OwnProcess::name).toList()));
    }
    return lock;
  }

  private static FolderLock lock(WorkFolder folder) {
    try {
      folder.create();
      FileChannel channel =
          FileChannel.open(folder.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (locked(channel)) {
        return new FolderLock(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw new CommandException("%s cannot be locked: %s".formatted(folder.lockFile(), e), e);
    }
    throw new CommandException(
        "A local cluster runs in %s already. Stop it with `nova stop`, or choose another folder"
                .formatted(folder.dir())
            + " and other ports with --dir and the --...-port options.");
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
