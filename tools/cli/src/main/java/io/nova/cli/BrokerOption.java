package io.nova.cli;

import io.nova.cli.cluster.RunFile;
import io.nova.cli.process.WorkFolder;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name the broker: its address, or the working folder in which it runs. */
final class BrokerOption {
  @Mixin private FolderOption folder = new FolderOption();

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "The broker (default: the one that runs in the working folder).")
  private String bootstrapServers = "";

  /**
   * The broker's address.
   *
   * @throws io.nova.cli.process.CommandException when none was given and none runs in the folder
   */
  String bootstrapServers() {
    return bootstrapServers.isEmpty()
        ? "127.0.0.1:" + RunFile.running(folder()).ports().kafka()
        : bootstrapServers;
  }

  WorkFolder folder() {
    return folder.folder();
  }
}
