-- What has become of instances since the last revision of their study. Rows are only added, by those who record and delete,
-- and taken away as a whole by whoever announces the study.
CREATE TABLE manifest.change (
    -- of one instance, the order in which it happened
    seq bigint GENERATED ALWAYS AS IDENTITY,
    provider text COLLATE "C" NOT NULL,
    study_instance_uid text COLLATE "C" NOT NULL,
    series_instance_uid text COLLATE "C" NOT NULL,
    -- of one instance or several, separated by backslashes
    sop_instance_uids text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL
);

CREATE INDEX change_study ON manifest.change (study_instance_uid, provider);

-- Whoever changes a study updates its row last and so holds it until the change is there; whoever announces the study holds
-- it meanwhile. It outlives the study, so that one that comes again goes on counting.
CREATE TABLE manifest.study_state (
    provider text COLLATE "C" NOT NULL,
    study_instance_uid text COLLATE "C" NOT NULL,
    -- the number of the next revision
    revision integer NOT NULL DEFAULT 0,
    -- of the changes since the last revision, NULL where there are none
    first_change timestamptz,
    last_change timestamptz,
    PRIMARY KEY (study_instance_uid, provider)
) WITH (fillfactor = 50);

-- without last_change, which is set with every batch and may then be set in place
CREATE INDEX study_state_pending ON manifest.study_state (first_change) WHERE first_change IS NOT NULL;

-- Objects of instances that were deleted, until they are removed from the storage space.
CREATE TABLE manifest.removed_object (
    object_name text COLLATE "C" NOT NULL,
    provider text COLLATE "C" NOT NULL,
    removed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (object_name, provider)
);

CREATE INDEX removed_object_time ON manifest.removed_object (removed_at);

-- Of versions that were in force before they were replaced: since when they are not.
ALTER TABLE manifest.kept_version ADD replaced_at timestamptz;

CREATE INDEX kept_version_replaced ON manifest.kept_version (replaced_at) WHERE replaced_at IS NOT NULL;

-- What is there already has not been announced to anybody.
INSERT INTO manifest.change (provider, study_instance_uid, series_instance_uid, sop_instance_uids, kind)
SELECT s.provider, s.study_instance_uid, e.series_instance_uid, i.sop_instance_uid, 'ADDED'
FROM manifest.study s JOIN manifest.series e ON e.study = s.id JOIN manifest.instance i ON i.series = e.id;

INSERT INTO manifest.study_state (provider, study_instance_uid, first_change, last_change)
SELECT provider, study_instance_uid, clock_timestamp(), clock_timestamp() FROM manifest.study;
