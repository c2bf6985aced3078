-- Subscriptions that are told of one provider only, of all where it names none.

ALTER TABLE manifest.subscription ADD provider text COLLATE "C";

-- Whether events of a partition key, a provider and a study with a slash between them, are those of a provider.
CREATE FUNCTION manifest.is_of(partition_key text, provider text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT provider IS NULL
        OR starts_with(partition_key, provider || '/') AND strpos(substr(partition_key, length(provider) + 2), '/') = 0
$$;
