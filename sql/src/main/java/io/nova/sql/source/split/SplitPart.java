package io.nova.sql.source.split;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A part of a split: a range of a file, open blocks of a live view, or the endless tail. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(name = "file", value = FileRange.class),
  @JsonSubTypes.Type(name = "live", value = LiveRange.class),
  @JsonSubTypes.Type(name = "tail", value = Tail.class)
})
public sealed interface SplitPart permits FileRange, LiveRange, Tail {
  /** The name of the part in error messages. */
  String title();
}
