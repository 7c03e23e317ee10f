output "address" {
  description = "Where the portal reaches its database"
  value       = aws_db_instance.portal.endpoint
}

output "password_secret" {
  description = "Where the administrator's password is kept"
  value       = aws_db_instance.portal.master_user_secret[0].secret_arn
}
