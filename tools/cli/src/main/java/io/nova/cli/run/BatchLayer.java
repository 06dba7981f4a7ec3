package io.nova.cli.run;

/** The batch layer: loads closed batches into its table and completes them. */
public interface BatchLayer {
  /**
   * Loads the rows of a closed batch, compares them with the audit, and completes the batch.
   *
   * @param batch the number of the batch
   * @throws io.nova.cli.process.CommandException if the batch is not completed afterwards
   */
  void run(long batch);
}
