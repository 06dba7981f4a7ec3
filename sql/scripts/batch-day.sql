-- The reference batch layer: copies one closed batch into nova.batch_events, a table for long-term
-- queries. `./nova batch run DAY` fills in the names in braces, runs the script on the SQL gateway,
-- compares the result with the audit and completes the batch (docs/guides/batch-layer.md).
--
-- {name}       the batch, such as 2026-11-21
-- {batch}      its number
-- {snapshot}   the snapshot that the tag batch-{batch} names
-- {catalog}    the properties of Nova's catalog
-- {columns}    all columns of nova.events

SET 'pipeline.name' = 'batch run {name}';
SET 'execution.runtime-mode' = 'batch';
SET 'table.local-time-zone' = 'UTC';
-- INSERT returns when its job has ended, with the job's error if it has failed.
SET 'table.dml-sync' = 'true';
-- A job that fails again and again ends.
SET 'restart-strategy.type' = 'fixed-delay';
SET 'restart-strategy.fixed-delay.attempts' = '3';
SET 'restart-strategy.fixed-delay.delay' = '5 s';
-- Iceberg's first sink needs generic types.
SET 'table.exec.iceberg.use-v2-sink' = 'true';
SET 'pipeline.generic-types' = 'false';

-- The gateway stores catalogs. An older one may name another warehouse.
DROP CATALOG IF EXISTS batch_layer;
-- On folders it is Nova's class: Iceberg's catalog with a lock for commits on a local disk.
CREATE CATALOG batch_layer WITH (
  'type' = 'iceberg',
  {catalog},
  'cache-enabled' = 'false'
);

-- Both have the columns of nova.events and its partitions by batch_number, but not its options: the
-- key of Nova's fingerprints is one of them.
CREATE TABLE IF NOT EXISTS batch_layer.nova.batch_events WITH (
  'format-version' = '2',
  'write.parquet.compression-codec' = 'zstd',
  'write.metadata.metrics.max-inferred-column-defaults' = '200',
  'write.metadata.delete-after-commit.enabled' = 'true'
) LIKE batch_layer.nova.events (EXCLUDING OPTIONS);

-- The late events that `./nova batch run` adds. It replaces the rows of the batch before INSERT.
CREATE TABLE IF NOT EXISTS batch_layer.nova.late_rows WITH (
  'format-version' = '2',
  'write.metadata.delete-after-commit.enabled' = 'true'
) LIKE batch_layer.nova.events (EXCLUDING OPTIONS);

-- One snapshot replaces one partition. Most queries filter by app, event type and time: sorted
-- files let them skip row groups. A batch without rows is no partition, so INSERT is left out then,
-- and the command empties the partition itself.
INSERT OVERWRITE batch_layer.nova.batch_events ({columns})
SELECT {columns} FROM (
  SELECT {columns} FROM batch_layer.nova.events /*+ OPTIONS('snapshot-id' = '{snapshot}') */
  UNION ALL
  SELECT {columns} FROM batch_layer.nova.late_rows
)
WHERE batch_number = {batch}
ORDER BY app, event_type, event_time;

DROP CATALOG batch_layer;
