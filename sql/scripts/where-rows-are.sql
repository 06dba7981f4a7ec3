-- What the table is made of just now: rows by batch and kind of file. Only metadata is read.

SELECT
  batch_number,
  CASE WHEN source_file LIKE '%.avro' THEN 'block file' ELSE 'chunk' END AS kind,
  COUNT(DISTINCT source_file) AS files,
  COUNT(*) AS events
FROM events
GROUP BY batch_number, CASE WHEN source_file LIKE '%.avro' THEN 'block file' ELSE 'chunk' END
ORDER BY batch_number, kind;

-- And where on Kafka they came from.
SELECT
  kafka_topic,
  kafka_partition,
  COUNT(*) AS events,
  MIN(kafka_offset) AS first_offset,
  MAX(kafka_offset) AS last_offset
FROM events
GROUP BY kafka_topic, kafka_partition
ORDER BY kafka_topic, kafka_partition;
