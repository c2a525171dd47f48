-- Until now run_ms had the time in which the client read, too; what is from before keeps that, and has no client_ms.
ALTER TABLE chengmai.query_log ADD COLUMN first_row_ms bigint, ADD COLUMN client_ms bigint;

CREATE OR REPLACE VIEW operations.query_run AS
SELECT seq, started_at, ended_at, via, plan_hash, array_to_string(sources, ',') AS sources, source_rows, source_bytes, rows AS answer_rows, queue_ms, plan_ms, run_ms,
  outcome, code, is_slow, first_row_ms, client_ms
FROM chengmai.query_log;
COMMENT ON COLUMN operations.query_run.run_ms IS '等待数据的毫秒数 (不含客户端读取)';
COMMENT ON COLUMN operations.query_run.first_row_ms IS '其中到第一行为止的毫秒数';
COMMENT ON COLUMN operations.query_run.client_ms IS '客户端读取的毫秒数';

-- The pairs of neighbouring characters find parts of words and Chinese alike. Trigrams (pg_trgm) would not: in locale C they know Latin letters only.
CREATE FUNCTION chengmai.character_pairs(text text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT (a || b) COLLATE "C") FILTER (WHERE b IS NOT NULL), '{}')
  FROM (SELECT string_to_array(lower($1), NULL) AS c) AS text, unnest(c, c[2:]) AS pair (a, b)
$$;
CREATE INDEX query_log_text ON chengmai.query_log USING gin (chengmai.character_pairs(sql));
