-- Sessions: events of one user with the same session_id; -1 means none.

SELECT
  COUNT(*) AS sessions,
  AVG(events) AS events_a_session,
  AVG(seconds) AS seconds_a_session
FROM (
  SELECT
    CAST(COUNT(*) AS DOUBLE) AS events,
    CAST(TIMESTAMPDIFF(SECOND, MIN(event_time), MAX(event_time)) AS DOUBLE) AS seconds
  FROM events
  WHERE session_id <> -1 AND `user` IS NOT NULL
  GROUP BY `user`, session_id
);

-- The second event of a session: where do people go first?
SELECT second_event, COUNT(*) AS sessions
FROM (
  SELECT
    event_type AS second_event,
    ROW_NUMBER() OVER (PARTITION BY `user`, session_id ORDER BY event_time, event_id) AS place
  FROM events
  WHERE session_id <> -1 AND `user` IS NOT NULL
)
WHERE place = 2
GROUP BY second_event
ORDER BY sessions DESC;
