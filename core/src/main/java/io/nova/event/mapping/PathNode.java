package io.nova.event.mapping;

import io.nova.event.row.Column;
import io.nova.event.row.ServerStamps;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in a record that a mapping's pointers name or pass through. The root is the record
 * itself. Immutable once the mapping is made.
 */
public final class PathNode {
  private final int number;
  private final Map<String, PathNode> children = new HashMap<>();
  private ColumnSource[] sources = {};
  private boolean takesJson;
  private ServerStamps stamp = ServerStamps.NEVER;

  PathNode(int number) {
    this.number = number;
  }

  /** Its number among the nodes of the mapping, from 0. */
  public int number() {
    return number;
  }

  /** The node below, by key or by position in an array; null where no pointer goes. */
  public @Nullable PathNode child(String token) {
    return children.get(token);
  }

  public boolean hasChildren() {
    return !children.isEmpty();
  }

  /** Whether a column takes the value here as its bytes. */
  public boolean takesJson() {
    return takesJson;
  }

  /** The columns that take the value here. */
  public ColumnSource[] sources() {
    return sources;
  }

  /** Whether the value here is a server's stamp: all columns that take it are servers' columns. */
  public ServerStamps stamp() {
    return hasChildren() ? ServerStamps.NEVER : stamp;
  }

  void add(ColumnSource source) {
    ServerStamps added = ServerStamps.of(source.column());
    stamp = sources.length == 0 || added.compareTo(stamp) < 0 ? added : stamp;
    ColumnSource[] more = Arrays.copyOf(sources, sources.length + 1);
    more[sources.length] = source;
    sources = more;
    takesJson |= source.kind() == Column.Kind.JSON;
  }

  /** All pointers as one tree. */
  static final class Builder {
    private final PathNode root = new PathNode(0);
    private int nodes = 1;

    void add(List<String> tokens, ColumnSource source) {
      PathNode node = root;
      for (String token : tokens) {
        // Jackson interns the keys that it reads, so that looking one up compares no characters.
        node = node.children.computeIfAbsent(token.intern(), unseen -> new PathNode(nodes++));
      }
      node.add(source);
    }

    PathNode root() {
      return root;
    }

    int nodes() {
      return nodes;
    }
  }
}
