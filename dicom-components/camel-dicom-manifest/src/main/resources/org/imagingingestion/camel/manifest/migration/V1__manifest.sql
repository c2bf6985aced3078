-- What is stored, keyed by (provider, UID). Columns hold what searches match; "attributes" hold the whole of a level as
-- DICOM JSON (PS3.18 Annex F), sorted by tag, ready to be given out.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Every change of an instance, a series or a study takes a new number, from which entity tags are made.
CREATE SEQUENCE manifest.version;

CREATE TABLE manifest.patient (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider text COLLATE "C" NOT NULL,
    patient_id text COLLATE "C" NOT NULL,
    issuer_of_patient_id text COLLATE "C" NOT NULL,
    patient_birth_date date,
    patient_sex text COLLATE "C",
    patient_name text COLLATE "C",
    patient_name_plain text COLLATE "C",
    attributes bytea NOT NULL,
    UNIQUE (patient_id, issuer_of_patient_id, provider)
);

CREATE TABLE manifest.study (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version bigint NOT NULL,
    bytes bigint NOT NULL,
    number_of_instances integer NOT NULL,
    number_of_series integer NOT NULL,
    -- no patient where there is no Patient ID
    patient bigint REFERENCES manifest.patient,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    study_time time,
    study_date date,
    patient_birth_date date,
    provider text COLLATE "C" NOT NULL,
    study_instance_uid text COLLATE "C" NOT NULL,
    patient_id text COLLATE "C",
    issuer_of_patient_id text COLLATE "C",
    patient_sex text COLLATE "C",
    patient_name text COLLATE "C",
    patient_name_plain text COLLATE "C",
    accession_number text COLLATE "C",
    study_id text COLLATE "C",
    study_description text COLLATE "C",
    referring_physician_name text COLLATE "C",
    referring_physician_name_plain text COLLATE "C",
    modalities text[] COLLATE "C" NOT NULL,
    -- digests of the instances' own versions of "attributes" that have been merged into it
    merged bigint[] NOT NULL,
    attributes bytea NOT NULL,
    UNIQUE (study_instance_uid, provider)
) WITH (fillfactor = 70);

CREATE TABLE manifest.series (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    study bigint NOT NULL REFERENCES manifest.study ON DELETE CASCADE,
    version bigint NOT NULL,
    bytes bigint NOT NULL,
    number_of_instances integer NOT NULL,
    series_number integer,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    performed_procedure_step_start_time time,
    performed_procedure_step_start_date date,
    provider text COLLATE "C" NOT NULL,
    series_instance_uid text COLLATE "C" NOT NULL,
    modality text COLLATE "C",
    series_description text COLLATE "C",
    body_part_examined text COLLATE "C",
    merged bigint[] NOT NULL,
    attributes bytea NOT NULL,
    -- the same Series Instance UID in two studies is two series
    UNIQUE (study, series_instance_uid)
) WITH (fillfactor = 70);

-- Metadata of the first instance of a series, from which that of the others is told by the differences.
CREATE TABLE manifest.template (
    series bigint PRIMARY KEY REFERENCES manifest.series ON DELETE CASCADE,
    metadata bytea NOT NULL
);

-- Items of Request Attributes Sequence (0040,0275).
CREATE TABLE manifest.request (
    series bigint NOT NULL REFERENCES manifest.series ON DELETE CASCADE,
    item integer NOT NULL,
    provider text COLLATE "C" NOT NULL,
    scheduled_procedure_step_id text COLLATE "C",
    requested_procedure_id text COLLATE "C",
    PRIMARY KEY (series, item)
);

CREATE TABLE manifest.instance (
    series bigint NOT NULL REFERENCES manifest.series,
    version bigint NOT NULL,
    length bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    instance_number integer,
    image_rows integer,
    image_columns integer,
    bits_allocated integer,
    number_of_frames integer,
    provider text COLLATE "C" NOT NULL,
    sop_instance_uid text COLLATE "C" NOT NULL,
    sop_class_uid text COLLATE "C" NOT NULL,
    transfer_syntax_uid text COLLATE "C" NOT NULL,
    timezone_offset_from_utc text COLLATE "C",
    object_name text COLLATE "C" NOT NULL,
    sha256 bytea NOT NULL,
    bulk_index bytea NOT NULL,
    metadata bytea NOT NULL,
    PRIMARY KEY (sop_instance_uid, provider)
);

-- Other bytes that came under the SOP Instance UID of an instance, and are kept though not in force.
CREATE TABLE manifest.kept_version (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    length bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT now(),
    provider text COLLATE "C" NOT NULL,
    study_instance_uid text COLLATE "C" NOT NULL,
    series_instance_uid text COLLATE "C" NOT NULL,
    sop_instance_uid text COLLATE "C" NOT NULL,
    sop_class_uid text COLLATE "C" NOT NULL,
    transfer_syntax_uid text COLLATE "C" NOT NULL,
    object_name text COLLATE "C" NOT NULL,
    sha256 bytea NOT NULL,
    bulk_index bytea NOT NULL,
    metadata bytea NOT NULL
);

-- What instances of one study or series say differently, beside what the study or series says.
CREATE TABLE manifest.disagreement (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seen_at timestamptz NOT NULL DEFAULT now(),
    provider text COLLATE "C" NOT NULL,
    study_instance_uid text COLLATE "C" NOT NULL,
    -- empty where the attribute is the study's or the patient's
    series_instance_uid text COLLATE "C" NOT NULL,
    tag text COLLATE "C" NOT NULL,
    -- DICOM JSON of the attribute: what was in force, and what was not taken or was replaced
    in_force bytea NOT NULL,
    other bytea NOT NULL,
    sop_instance_uid text COLLATE "C" NOT NULL
);

-- Sums, in slots so that transactions do not wait for each other.
CREATE TABLE manifest.total (
    provider text COLLATE "C" NOT NULL,
    slot integer NOT NULL,
    patients bigint NOT NULL,
    studies bigint NOT NULL,
    series bigint NOT NULL,
    instances bigint NOT NULL,
    kept_versions bigint NOT NULL,
    bytes bigint NOT NULL,
    latest timestamptz,
    PRIMARY KEY (provider, slot)
) WITH (fillfactor = 40);

-- Prepared bytes are small already: PostgreSQL's own compression would only cost time.
ALTER TABLE manifest.patient ALTER attributes SET STORAGE EXTERNAL;
ALTER TABLE manifest.study ALTER attributes SET STORAGE EXTERNAL;
ALTER TABLE manifest.series ALTER attributes SET STORAGE EXTERNAL;
ALTER TABLE manifest.template ALTER metadata SET STORAGE EXTERNAL;
ALTER TABLE manifest.instance ALTER metadata SET STORAGE EXTERNAL;
ALTER TABLE manifest.instance ALTER bulk_index SET STORAGE EXTERNAL;
ALTER TABLE manifest.kept_version ALTER metadata SET STORAGE EXTERNAL;

-- Trigrams of letters that PostgreSQL does not know as letters, which depends on the locale of the database, are not
-- indexed: such characters are spelt in ASCII, one by one.
CREATE FUNCTION manifest.spelt(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    result text := '';
    c text;
BEGIN
    FOREACH c IN ARRAY regexp_split_to_array(value, '') LOOP
        result := result || CASE WHEN ascii(c) < 128 THEN c ELSE 'z' || to_hex(ascii(c)) END;
    END LOOP;
    RETURN result;
END
$$;

CREATE FUNCTION manifest.indexable(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(value) = length(value) THEN value ELSE manifest.spelt(value) END
$$;

CREATE INDEX patient_text ON manifest.patient USING gin (
    manifest.indexable(patient_name) gin_trgm_ops,
    manifest.indexable(patient_name_plain) gin_trgm_ops,
    manifest.indexable(patient_id) gin_trgm_ops
) WITH (gin_pending_list_limit = 256);

-- No index but that of sums starts with the provider, which says little: while tables are small one such index looks as good
-- as another, and a plan that was made then may be kept.

-- the order of searches, and dates
CREATE INDEX study_order ON manifest.study
    (study_date DESC NULLS LAST, study_time DESC NULLS LAST, study_instance_uid, provider);
CREATE INDEX study_time ON manifest.study (study_time, provider);
CREATE INDEX study_patient ON manifest.study (patient);
CREATE INDEX study_patient_id ON manifest.study (patient_id, provider);
CREATE INDEX study_patient_birth_date ON manifest.study (patient_birth_date, provider);
CREATE INDEX study_accession_number ON manifest.study (accession_number, provider);
CREATE INDEX study_study_id ON manifest.study (study_id, provider);
-- wildcards
CREATE INDEX study_text ON manifest.study USING gin (
    manifest.indexable(patient_name) gin_trgm_ops,
    manifest.indexable(patient_name_plain) gin_trgm_ops,
    manifest.indexable(patient_id) gin_trgm_ops,
    manifest.indexable(accession_number) gin_trgm_ops,
    manifest.indexable(study_id) gin_trgm_ops,
    manifest.indexable(study_description) gin_trgm_ops,
    manifest.indexable(referring_physician_name) gin_trgm_ops,
    manifest.indexable(referring_physician_name_plain) gin_trgm_ops,
    modalities
) WITH (gin_pending_list_limit = 256);

CREATE INDEX series_uid ON manifest.series (series_instance_uid, provider);
CREATE INDEX series_modality ON manifest.series (modality, provider);
CREATE INDEX series_number ON manifest.series (series_number, provider);
CREATE INDEX series_step_date ON manifest.series (performed_procedure_step_start_date, provider);
CREATE INDEX series_step_time ON manifest.series (performed_procedure_step_start_time, provider);

CREATE INDEX request_step ON manifest.request (scheduled_procedure_step_id, provider);
CREATE INDEX request_procedure ON manifest.request (requested_procedure_id, provider);

CREATE INDEX instance_order ON manifest.instance (series, instance_number);
CREATE INDEX instance_class ON manifest.instance (sop_class_uid, provider);
CREATE INDEX instance_number ON manifest.instance (instance_number, provider);
CREATE INDEX instance_object ON manifest.instance USING hash (object_name);

CREATE INDEX kept_version_uid ON manifest.kept_version (sop_instance_uid, provider);
CREATE INDEX kept_version_object ON manifest.kept_version USING hash (object_name);

CREATE UNIQUE INDEX disagreement_once ON manifest.disagreement
    (study_instance_uid, series_instance_uid, tag, provider, md5(other));
