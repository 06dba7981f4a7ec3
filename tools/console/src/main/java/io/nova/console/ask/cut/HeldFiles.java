package io.nova.console.ask.cut;

import io.nova.console.ask.cut.AskCut.Size;
import io.nova.console.ask.cut.EventViews.Parquet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.io.FileIO;

/**
 * Parquet files of a table that the cache holds for a cut.
 *
 * @param files the files in the table's metadata
 * @param paths where DuckDB opens them
 */
record HeldFiles(List<DataFile> files, Map<FileCache.Key, Path> paths) {
  HeldFiles {
    files = List.copyOf(files);
    paths = Map.copyOf(paths);
  }

  /**
   * Holds files until {@link FileCache#release}. Blocks while files are copied.
   *
   * @param io reads the files that are copied
   * @throws IOException if a file cannot be copied; nothing is held then
   */
  static HeldFiles hold(FileCache cache, FileIO io, List<DataFile> files) throws IOException {
    return new HeldFiles(files, cache.hold(io, files.stream().map(HeldFiles::key).toList()));
  }

  private static FileCache.Key key(DataFile file) {
    return new FileCache.Key(file.location(), file.fileSizeInBytes());
  }

  /** The names of the files in the cache. */
  List<FileCache.Key> keys() {
    return files.stream().map(HeldFiles::key).toList();
  }

  /** All files as DuckDB opens them. */
  List<Parquet> parquet() {
    return parquet(files);
  }

  /** Some of the files as DuckDB opens them. */
  List<Parquet> parquet(List<DataFile> some) {
    ArrayList<Parquet> parquet = new ArrayList<>();
    for (DataFile file : some) {
      Path path = paths.get(key(file));
      if (path == null) {
        throw new IllegalStateException("A chunk of the cut is not held: " + file.location());
      }
      parquet.add(new Parquet(path, file.location()));
    }
    return parquet;
  }

  Size size() {
    return new Size(
        files.stream().mapToLong(DataFile::recordCount).sum(),
        files.stream().mapToLong(DataFile::fileSizeInBytes).sum());
  }
}
