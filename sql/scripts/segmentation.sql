-- How often does each kind of event happen, and for how many users, by the hour?
-- Users are distinct values of `user`; an event without one counts in totals only.

SELECT
  event_type,
  COUNT(*) AS totals,
  COUNT(DISTINCT `user`) AS uniques,
  CAST(COUNT(*) AS DOUBLE) / NULLIF(COUNT(DISTINCT `user`), 0) AS average
FROM events
GROUP BY event_type
ORDER BY totals DESC;

SELECT
  FLOOR(event_time TO HOUR) AS `hour`,
  COALESCE(platform, '(none)') AS platform,
  COUNT(*) AS totals,
  COUNT(DISTINCT `user`) AS uniques
FROM events
GROUP BY FLOOR(event_time TO HOUR), COALESCE(platform, '(none)')
ORDER BY `hour`, totals DESC;

-- How many users did it once, twice, three times?
SELECT times, COUNT(*) AS users
FROM (
  SELECT `user`, COUNT(*) AS times
  FROM events
  WHERE event_type = 'Product Viewed' AND `user` IS NOT NULL
  GROUP BY `user`
)
GROUP BY times
ORDER BY times;
