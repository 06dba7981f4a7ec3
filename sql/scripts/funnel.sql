-- How many users viewed a product, then added one, then completed an order, all within an hour of
-- the view? Other events may come between; events of the same instant count in either order. Every
-- view may be an entry, and a user counts at the furthest step that one of them leads to.
-- All scans of one query read the same snapshot.

WITH
  steps AS (
    SELECT `user` AS u, event_type, event_time
    FROM events
    WHERE event_type IN ('Product Viewed', 'Product Added', 'Order Completed')
      AND `user` IS NOT NULL
  ),
  entered AS (
    SELECT DISTINCT u, event_time AS t1 FROM steps WHERE event_type = 'Product Viewed'
  ),
  added AS (
    SELECT entered.u, t1, MIN(steps.event_time) AS t2
    FROM entered
    LEFT JOIN steps
      ON steps.u = entered.u
      AND steps.event_type = 'Product Added'
      AND steps.event_time BETWEEN t1 AND t1 + INTERVAL '1' HOUR
    GROUP BY entered.u, t1
  ),
  ordered AS (
    SELECT added.u, t1, t2, MIN(steps.event_time) AS t3
    FROM added
    LEFT JOIN steps
      ON steps.u = added.u
      AND steps.event_type = 'Order Completed'
      AND steps.event_time BETWEEN t2 AND t1 + INTERVAL '1' HOUR
    GROUP BY added.u, t1, t2
  )
SELECT
  COUNT(DISTINCT u) AS viewed,
  COUNT(DISTINCT CASE WHEN t2 IS NOT NULL THEN u END) AS added,
  COUNT(DISTINCT CASE WHEN t3 IS NOT NULL THEN u END) AS ordered
FROM ordered;
