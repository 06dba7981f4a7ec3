package io.nova.live.server;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.live.protocol.Announcements;
import io.nova.live.protocol.SubtaskView;
import io.nova.live.protocol.SubtaskView.Behind;
import io.nova.shard.progress.ReadPositions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The greatest offsets that answers have shown, stored below the table so that they outlive the
 * job. After a failure the job knows from them how far it must read before answers are monotonic
 * again.
 *
 * <p>Each record is a JSON file {@code live/served/GENERATION-SUBTASK-NUMBER.json}; it is complete
 * before it gets its name. Each run begins with the greatest positions of all records and writes
 * them as its own record. Thread safe.
 */
public final class ServedPositions implements PositionRecorder {
  private static final Logger LOG = LoggerFactory.getLogger(ServedPositions.class);
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final String RECORD = ".json";
  private static final String UNFINISHED = ".tmp";

  /** After this time newer records contain those of other runs. */
  private static final long KEPT_MS = 3_600_000;

  private final FileSystem files;
  private final Path folder;
  private final String topic;
  private final String name;
  private final Map<Integer, Long> before;
  private final Map<Integer, Long> written;

  /** The records of this run that may be there. */
  private final Set<Path> own = new HashSet<>();

  private int number;

  /**
   * One record.
   *
   * @param version 1
   * @param topic the topic of the partitions
   * @param readTo by partition, the greatest offset that an answer has shown
   */
  record Positions(int version, String topic, Map<Integer, Long> readTo) {
    static final int VERSION = 1;

    Positions {
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "Served positions: version %s found, %s expected".formatted(version, VERSION));
      }
      requireNonNull(topic, "topic");
      readTo = Map.copyOf(readTo);
    }
  }

  /**
   * Reads the positions of earlier runs and writes them as the first record of this run.
   *
   * @param tableLocation the table's folder
   * @param topic the topic of the events; records of other topics are ignored
   */
  public ServedPositions(
      Configuration hadoop, String tableLocation, String topic, String generation, int subtask)
      throws IOException {
    this.folder = Announcements.servedFolder(tableLocation);
    this.files = folder.getFileSystem(hadoop);
    this.topic = topic;
    this.name = generation + "-" + subtask + "-";
    this.before = readAll();
    this.written = new TreeMap<>();
    continueAfterOwn();
    write(before);
    removeOld(generation);
  }

  private Map<Integer, Long> readAll() throws IOException {
    Map<Integer, Long> greatest = new TreeMap<>();
    for (FileStatus file : list(RECORD)) {
      try {
        Positions positions = read(file);
        if (positions.topic.equals(topic)) {
          positions.readTo.forEach((p, offset) -> greatest.merge(p, offset, Math::max));
        }
      } catch (FileNotFoundException replaced) {
        // A newer record contains its positions, or it was too old to matter.
        return readAll();
      }
    }
    return greatest;
  }

  /**
   * Reads one record. A damaged one is not passed over: it may be the only one with the offsets
   * that the last answers have shown.
   */
  private Positions read(FileStatus file) throws IOException {
    try (FSDataInputStream in = files.open(file.getPath())) {
      JsonNode record =
          JSON.reader()
              .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .readTree((InputStream) in);
      if (!record.isObject()) {
        throw damaged(file, "expected an object", null);
      }
      return JSON.treeToValue(record, Positions.class);
    } catch (JsonProcessingException e) {
      throw damaged(file, e.getOriginalMessage(), e);
    }
  }

  private static IOException damaged(FileStatus file, String why, @Nullable Exception cause) {
    return new IOException(
        "Served positions %s: found %d bytes that are no record: %s. Live answers do not start. Delete the file to start them; they may then have fewer events than earlier answers, until the job has read as far."
            .formatted(file.getPath(), file.getLen(), why),
        cause);
  }

  /** A start that failed before may have left records of this run, whose names are taken. */
  private void continueAfterOwn() throws IOException {
    for (FileStatus file : list(RECORD)) {
      String record = file.getPath().getName();
      if (record.startsWith(name)) {
        own.add(file.getPath());
        String counted = record.substring(name.length(), record.length() - RECORD.length());
        number = Math.max(number, Integer.parseInt(counted) + 1);
      }
    }
  }

  private List<FileStatus> list(String suffix) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    try {
      for (FileStatus file : files.listStatus(folder)) {
        if (file.getPath().getName().endsWith(suffix)) {
          found.add(file);
        }
      }
    } catch (FileNotFoundException none) {
      return List.of();
    }
    return found;
  }

  /** The partitions that this run has not yet read as far as answers have shown them. */
  public List<Behind> behind(ReadPositions readTo) {
    List<Behind> behind = new ArrayList<>();
    before.forEach(
        (partition, servedTo) -> {
          if (readTo.of(partition) < servedTo) {
            behind.add(new Behind(partition, readTo.of(partition), servedTo));
          }
        });
    return behind;
  }

  @Override
  public synchronized void record(SubtaskView view) throws IOException {
    Map<Integer, Long> greatest = new TreeMap<>(written);
    view.readTo().forEach((p, offset) -> greatest.merge(p, offset, Math::max));
    write(greatest);
  }

  /**
   * Writes a record. Each attempt has names of its own, so no failed one, however it ended, is in
   * the way of the next.
   */
  private void write(Map<Integer, Long> greatest) throws IOException {
    if (greatest.equals(written)) {
      return;
    }
    Path unfinished = new Path(folder, "." + UUID.randomUUID() + UNFINISHED);
    Path finished = new Path(folder, name + number + RECORD);
    number++;
    Set<Path> contained = Set.copyOf(own);
    try {
      try (OutputStream out = files.create(unfinished, false)) {
        out.write(JSON.writeValueAsBytes(new Positions(Positions.VERSION, topic, greatest)));
      }
      // Noted before the rename, since a failed one may have happened all the same.
      own.add(finished);
      if (!files.rename(unfinished, finished)) {
        throw new IOException("Served positions: " + finished + " cannot be written");
      }
    } catch (IOException e) {
      remove(unfinished);
      throw e;
    }
    written.putAll(greatest);
    for (Path record : contained) {
      if (remove(record)) {
        own.remove(record);
      }
    }
  }

  /** Removes a file that nobody needs. A failure costs only its place: false. */
  private boolean remove(Path file) {
    try {
      files.delete(file, false);
      return true;
    } catch (IOException e) {
      LOG.warn("{} is not needed any more, but cannot be deleted: {}", file, e.toString());
      return false;
    }
  }

  /** Removes records and unfinished ones of earlier runs that are older than an hour. */
  private void removeOld(String generation) throws IOException {
    long longAgo = System.currentTimeMillis() - KEPT_MS;
    for (FileStatus file : list("")) {
      if (!file.getPath().getName().startsWith(generation)
          && file.getModificationTime() < longAgo) {
        remove(file.getPath());
      }
    }
  }
}
