-- What happened, kept for a time, and who is still to be told of it.

CREATE TABLE manifest.event (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    time timestamptz NOT NULL DEFAULT now(),
    -- hash of partition_key: two keys of one hash are told in one order, which does no harm
    partition bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    partition_key text COLLATE "C" NOT NULL,
    traceparent text COLLATE "C",
    data bytea NOT NULL,
    -- what happens in one study comes together, so that this index is written in few places
    UNIQUE (partition, id)
);

CREATE INDEX event_time ON manifest.event USING brin (time) WITH (pages_per_range = 16);

-- Who is told of events, of all types where it names none.
CREATE TABLE manifest.subscription (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    types text[] COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE manifest.progress (
    subscription integer PRIMARY KEY REFERENCES manifest.subscription ON DELETE CASCADE,
    delivered bigint NOT NULL DEFAULT 0,
    latest timestamptz
) WITH (fillfactor = 40);

-- An event that a subscription is still to be told of; the first of a partition is the next. No foreign keys: they would
-- lock the rows of subscriptions for each event.
CREATE TABLE manifest.delivery (
    subscription integer NOT NULL,
    shard smallint NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    partition bigint NOT NULL,
    seq bigint NOT NULL,
    next_attempt timestamptz NOT NULL DEFAULT '-infinity',
    failing_since timestamptz,
    last_error text,
    PRIMARY KEY (subscription, shard, partition, seq)
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 100000);

-- An event that a subscription was not told of, and is not until somebody says so.
CREATE TABLE manifest.dead_letter (
    subscription integer NOT NULL REFERENCES manifest.subscription ON DELETE CASCADE,
    seq bigint NOT NULL REFERENCES manifest.event,
    attempts integer NOT NULL,
    failing_since timestamptz NOT NULL,
    died_at timestamptz NOT NULL DEFAULT now(),
    last_error text NOT NULL,
    PRIMARY KEY (subscription, seq)
);

CREATE INDEX dead_letter_seq ON manifest.dead_letter (seq);

-- The order of a partition's events is that of seq; partitions are shared out among processes by shard.
CREATE FUNCTION manifest.shard(partition bigint) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (partition & 15)::smallint
$$;

ALTER TABLE manifest.event ALTER data SET STORAGE EXTERNAL;
