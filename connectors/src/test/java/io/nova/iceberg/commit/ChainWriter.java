package io.nova.iceberg.commit;

import io.nova.NovaWarehouse;
import io.nova.event.Tally;
import io.nova.fixtures.Events;
import io.nova.shard.BlockFile;
import java.util.List;
import java.util.UUID;

/** A commit chain over a new table, with links that tests draw, apply and restore. */
final class ChainWriter {
  final NovaWarehouse warehouse;
  final CommitChain chain;
  private final Draft draft;

  /** Begins with one link, which has the event a. */
  ChainWriter(NovaWarehouse warehouse) {
    this.warehouse = warehouse;
    chain = CommitChain.begin(warehouse.open(), UUID.randomUUID().toString());
    draft = Draft.first(chain.head(), NovaWarehouse.RULES.shards());
    chain.apply(draw("a"));
  }

  /** A link with one event. */
  Link draw(String id) {
    draft.add(warehouse.write(Events.at("10:02").id(id)));
    return draft.draw(chain.generation(), new Tally());
  }

  /** A link with the chunk of two events. */
  Link drawWithChunk(String one, String two) {
    BlockFile first = warehouse.write(Events.at("10:02").id(one));
    BlockFile second = warehouse.write(Events.at("10:02").id(two));
    draft.add(first);
    draft.add(second);
    draft.add(warehouse.merge(first, second));
    return draft.draw(chain.generation(), new Tally());
  }

  /** What a checkpoint would have now. */
  CommitterState state(Link... pending) {
    return CommitterState.read(draft.state(chain.head(), List.of(pending)).write());
  }

  /** The chain of a new run from a checkpoint. */
  CommitChain restart(CommitterState state) {
    return CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state);
  }
}
