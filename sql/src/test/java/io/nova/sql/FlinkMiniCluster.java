package io.nova.sql;

import java.net.URI;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/** One Flink cluster in this JVM for all tests, with two slots. It ends with the JVM. */
final class FlinkMiniCluster {
  private static final MiniCluster CLUSTER = start();

  private FlinkMiniCluster() {}

  /** A configuration that sends jobs to the cluster. */
  static Configuration client() {
    URI address = CLUSTER.getRestAddress().join();
    Configuration client = new Configuration();
    client.setString("execution.target", "remote");
    client.setString("rest.address", address.getHost());
    client.setString("rest.port", Integer.toString(address.getPort()));
    return client;
  }

  private static MiniCluster start() {
    Configuration configuration = new Configuration();
    configuration.setString("rest.bind-address", "127.0.0.1");
    configuration.setString("rest.address", "127.0.0.1");
    configuration.setString("rest.bind-port", "0");
    configuration.setString("rest.port", "0");
    configuration.setString(
        "metrics.reporter.captured.factory.class", CapturedMetricsFactory.class.getName());
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(2)
                .build());
    try {
      cluster.start();
    } catch (Exception failed) {
      throw new AssertionError("The test cluster does not start", failed);
    }
    return cluster;
  }
}
