package io.nova.workload.input;

import java.io.FilterInputStream;
import java.io.IOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The bytes of one entry of a zip file. Closing the stream closes the file. */
final class EntryStream extends FilterInputStream {
  private final ZipFile zip;

  EntryStream(String file, String entry) throws IOException {
    this(new ZipFile(file), entry);
  }

  private EntryStream(ZipFile zip, String entry) throws IOException {
    super(null);
    this.zip = zip;
    ZipEntry found = zip.getEntry(entry);
    if (found == null) {
      zip.close();
      throw new ZipException("the entry is missing: the zip file was changed during the reading");
    }
    this.in = zip.getInputStream(found);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
