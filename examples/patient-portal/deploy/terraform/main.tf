# The portal's database: one, encrypted with a key of its own, reachable from the portal alone, backed up, and not to be
# deleted by accident.

terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

resource "aws_kms_key" "portal" {
  description             = "Encrypts the patient portal's database, its backups and its insights"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_db_subnet_group" "portal" {
  name       = "patient-portal-${var.environment}"
  subnet_ids = var.private_subnet_ids
}

resource "aws_security_group" "database" {
  name        = "patient-portal-database-${var.environment}"
  description = "The portal's database: in from the portal, out to nowhere"
  vpc_id      = var.vpc_id

  ingress {
    description     = "PostgreSQL from the portal"
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [var.portal_security_group_id]
  }
}

resource "aws_db_parameter_group" "portal" {
  name   = "patient-portal-${var.environment}"
  family = "postgres15"

  # No connection without TLS.
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_db_instance" "portal" {
  identifier     = "patient-portal-${var.environment}"
  engine         = "postgres"
  engine_version = "15"
  instance_class = var.instance_class
  db_name        = "portal"
  username       = "portal_admin"

  # The password is made and rotated by the provider; it never stands in this state.
  manage_master_user_password   = true
  master_user_secret_kms_key_id = aws_kms_key.portal.arn

  allocated_storage = 20
  storage_encrypted = true
  kms_key_id        = aws_kms_key.portal.arn

  publicly_accessible                 = false
  db_subnet_group_name                = aws_db_subnet_group.portal.name
  vpc_security_group_ids              = [aws_security_group.database.id]
  parameter_group_name                = aws_db_parameter_group.portal.name
  iam_database_authentication_enabled = true
  ca_cert_identifier                  = "rds-ca-rsa2048-g1"

  multi_az                  = true
  backup_retention_period   = 35
  copy_tags_to_snapshot     = true
  deletion_protection       = true
  skip_final_snapshot       = false
  final_snapshot_identifier = "patient-portal-${var.environment}-final"

  auto_minor_version_upgrade      = true
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
  performance_insights_enabled    = true
  performance_insights_kms_key_id = aws_kms_key.portal.arn

  tags = {
    application = "patient-portal"
    environment = var.environment
    data        = "phi"
  }
}
