variable "environment" {
  description = "Which environment this database serves: staging or production"
  type        = string

  validation {
    condition     = contains(["staging", "production"], var.environment)
    error_message = "The environment is staging or production."
  }
}

variable "vpc_id" {
  description = "The network that the portal runs in"
  type        = string
}

variable "private_subnet_ids" {
  description = "Subnets without a way in from outside, in two zones at least"
  type        = list(string)
}

variable "portal_security_group_id" {
  description = "The security group of the portal's own instances"
  type        = string
}

variable "instance_class" {
  description = "The size of the database"
  type        = string
  default     = "db.t4g.medium"
}
