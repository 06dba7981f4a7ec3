package io.nova.live.cut;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.live.protocol.Announcement;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The pinned cuts of a table, in files {@code live/GENERATION/cuts/ID.json} below its location. The
 * job removes them with the announcements of their generation. Thread-safe.
 */
public final class StoredCuts {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");
  private static final String FOLDER = "cuts";

  /** The folder of a cut without live views. */
  private static final String NO_GENERATION = "none";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final Path live;
  private final Configuration hadoop = Storage.configuration();

  /**
   * The cuts of a table.
   *
   * @param tableLocation folder of the table
   */
  public StoredCuts(String tableLocation) {
    this.live = new Path(tableLocation, "live");
  }

  /** Stores a cut. Its id is new, so nobody reads the file before it is complete. */
  public void write(StoredCut cut) throws IOException {
    Path file = file(cut.generation().orElse(NO_GENERATION), cut.id());
    try (OutputStream out = files().create(file, false)) {
      out.write(JSON.writeValueAsBytes(cut));
    }
  }

  /** Removes a cut. It is no error if it is gone. */
  public void remove(StoredCut cut) throws IOException {
    files().delete(file(cut.generation().orElse(NO_GENERATION), cut.id()), false);
  }

  /**
   * Finds a cut.
   *
   * @throws IllegalArgumentException if the id has other characters than letters, digits and
   *     hyphens
   * @throws LostCutException if there is none
   */
  public StoredCut read(String id) throws IOException {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "Option 'live.cut': found %s, expected the id of a pinned cut: letters, digits and hyphens. Nothing is read."
              .formatted(id));
    }
    for (FileStatus generation : generations()) {
      Optional<StoredCut> found = read(file(generation.getPath().getName(), id));
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new LostCutException(
        id, "no pinned cut has this id below %s, or it was released".formatted(live));
  }

  private List<FileStatus> generations() throws IOException {
    try {
      ArrayList<FileStatus> folders = new ArrayList<>();
      for (FileStatus entry : files().listStatus(live)) {
        if (entry.isDirectory()) {
          folders.add(entry);
        }
      }
      return folders;
    } catch (FileNotFoundException none) {
      return List.of();
    }
  }

  private Optional<StoredCut> read(Path file) throws IOException {
    try (InputStream in = files().open(file)) {
      return Optional.of(JSON.readValue(in.readAllBytes(), StoredCut.class));
    } catch (FileNotFoundException other) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException("Pinned cut %s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * The cut with this id. Its leases are checked, and renewed by that.
   *
   * @throws LostCutException if there is none, or one of its views is no longer served
   */
  static Cut load(String id, EventTable table, LiveViews views) {
    try {
      StoredCut stored = new StoredCuts(table.location()).read(id);
      List<Announcement> announced =
          stored.generation().isPresent()
              ? views.announced(table.location(), stored.generation().get())
              : List.of();
      Cut cut = stored.cut(table.refresh().iceberg(), announced);
      List<String> lost = views.renew(cut.views());
      if (!lost.isEmpty()) {
        throw new LostCutException(id, lost.get(0));
      }
      return cut;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(String generation, String id) {
    return new Path(new Path(new Path(live, generation), FOLDER), id + ".json");
  }

  private FileSystem files() throws IOException {
    FileSystem files = live.getFileSystem(hadoop);
    return files instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : files;
  }
}
