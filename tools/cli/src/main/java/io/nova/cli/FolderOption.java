package io.nova.cli;

import io.nova.cli.process.WorkFolder;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names the working folder. */
public final class FolderOption {
  @Option(
      names = "--dir",
      paramLabel = "FOLDER",
      description = "The working folder of the local cluster (default: ${DEFAULT-VALUE}).",
      defaultValue = ".nova")
  private Path dir = Path.of(".nova");

  /** The folder. From this call on the launcher writes its log there. */
  public WorkFolder folder() {
    WorkFolder folder = new WorkFolder(dir);
    System.setProperty("log.file", folder.logs().resolve("launcher.log").toString());
    return folder;
  }
}
