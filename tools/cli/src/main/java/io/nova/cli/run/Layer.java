package io.nova.cli.run;

/** Where a row of {@code lambda_events} lies. The further it has moved, the darker its letter. */
enum Layer {
  OPEN_BLOCKS('░'),
  BLOCK_FILES('▒'),
  CHUNKS('▓'),
  BATCH_LAYER('█');

  /** The letter in bars. */
  final char letter;

  Layer(char letter) {
    this.letter = letter;
  }

  /** The layer of a row, by its column {@code source_file}. */
  static Layer of(String sourceFile) {
    if (sourceFile.startsWith("live/")) {
      return OPEN_BLOCKS;
    }
    if (sourceFile.contains("/batch_events/")) {
      return BATCH_LAYER;
    }
    return sourceFile.endsWith(".avro") ? BLOCK_FILES : CHUNKS;
  }
}
