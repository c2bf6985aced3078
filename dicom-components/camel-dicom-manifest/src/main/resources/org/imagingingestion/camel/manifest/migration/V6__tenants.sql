-- Subscriptions and processes that have to do with one provider or several, separated by commas, or with all where none is named.

CREATE FUNCTION manifest.is_within(provider text, providers text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT providers IS NULL OR coalesce(string_to_array(provider, ',') <@ string_to_array(providers, ','), false)
$$;

CREATE OR REPLACE FUNCTION manifest.is_of(partition_key text, provider text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT provider IS NULL
        OR left(partition_key, -strpos(reverse(partition_key), '/')) = ANY (string_to_array(provider, ','))
$$;

-- From now on a subscription is of the provider of its process unless it says otherwise, and those of the integrations have
-- other names where that is not the default one. What waits for them goes on to where it will be looked for.
CREATE TEMPORARY TABLE tenant ON COMMIT DROP AS SELECT DISTINCT provider FROM manifest.study_state;

UPDATE manifest.subscription SET provider = (SELECT provider FROM tenant)
WHERE provider IS NULL AND (SELECT count(*) FROM tenant) = 1;

UPDATE manifest.subscription s SET name = s.name || '-' || s.provider
WHERE s.name IN ('broker', 'fhir') AND s.provider <> 'default' AND (SELECT count(*) FROM tenant) = 1
    AND NOT EXISTS (SELECT FROM manifest.subscription o WHERE o.name = s.name || '-' || s.provider);

-- no tenant: nothing waits
DELETE FROM manifest.subscription WHERE provider IS NULL AND NOT EXISTS (SELECT FROM tenant);

CREATE TEMPORARY TABLE waiting ON COMMIT DROP AS
SELECT DISTINCT s.id, s.name, s.types, t.provider
FROM manifest.subscription s
CROSS JOIN tenant t
WHERE s.name IN ('broker', 'fhir') AND s.provider IS NULL AND t.provider <> 'default'
    AND EXISTS (
        SELECT FROM (SELECT seq FROM manifest.delivery WHERE subscription = s.id
            UNION ALL SELECT seq FROM manifest.dead_letter WHERE subscription = s.id) w
        JOIN manifest.event e ON e.seq = w.seq WHERE manifest.is_of(e.partition_key, t.provider));

INSERT INTO manifest.subscription (name, types, provider)
SELECT name || '-' || provider, types, provider FROM waiting ON CONFLICT DO NOTHING;

UPDATE manifest.delivery d SET subscription = s.id
FROM waiting w, manifest.subscription s, manifest.event e
WHERE d.subscription = w.id AND s.name = w.name || '-' || w.provider AND e.seq = d.seq
    AND manifest.is_of(e.partition_key, w.provider);

UPDATE manifest.dead_letter l SET subscription = s.id
FROM waiting w, manifest.subscription s, manifest.event e
WHERE l.subscription = w.id AND s.name = w.name || '-' || w.provider AND e.seq = l.seq
    AND manifest.is_of(e.partition_key, w.provider);
