"""A small patient portal: FHIR R4 patients and appointments over HTTP, kept in PostgreSQL."""
