CREATE TABLE patient (
    id uuid PRIMARY KEY,
    family text NOT NULL,
    birth_date text,
    resource jsonb NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX patient_family ON patient (lower(family) text_pattern_ops);
CREATE INDEX patient_birth_date ON patient (birth_date);
CREATE INDEX patient_identifier ON patient USING gin ((resource -> 'identifier') jsonb_path_ops);
