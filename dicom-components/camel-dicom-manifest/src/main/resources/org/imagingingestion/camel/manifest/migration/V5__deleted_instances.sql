-- Instances that were deleted, so that objects of theirs which were never recorded do not bring them back.
CREATE TABLE manifest.deleted_instance (
    provider text COLLATE "C" NOT NULL,
    sop_instance_uid text COLLATE "C" NOT NULL,
    deleted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (sop_instance_uid, provider)
);

-- Of objects that are not needed, as there were others of the same bytes: they may go at once, and are remembered all the same.
ALTER TABLE manifest.removed_object ADD given_up boolean NOT NULL DEFAULT false;
