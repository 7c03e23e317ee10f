CREATE TABLE appointment (
    id uuid PRIMARY KEY,
    patient_id uuid NOT NULL REFERENCES patient (id),
    status text NOT NULL,
    starts_at timestamptz,
    resource jsonb NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX appointment_patient ON appointment (patient_id, starts_at);
CREATE INDEX appointment_starts_at ON appointment (starts_at);
