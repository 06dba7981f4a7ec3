package io.nova.iceberg.lifecycle;

import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/**
 * What the state of the job names: that of the running job, and that of its last completed
 * checkpoints. It stays in the table, whatever its age.
 *
 * @param links UUIDs of links: for each checkpoint, the last applied one and the pending ones
 * @param files paths of data files: of pending links, and of files that wait for a link
 */
public record NamedByState(Set<String> links, Set<String> files) {
  /** A state that names nothing. */
  public static final NamedByState NOTHING = new NamedByState(Set.of(), Set.of());

  public NamedByState {
    links = Set.copyOf(links);
    files = Set.copyOf(files);
  }

  /** The files without scheme and host, which the state and the table may write differently. */
  Set<String> fileKeys() {
    return files.stream().map(NamedByState::key).collect(Collectors.toSet());
  }

  /** The path of a file without scheme and host. */
  static String key(String location) {
    return new Path(location).toUri().getPath();
  }
}
