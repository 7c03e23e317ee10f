"""Settings, all from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class ConfigError(Exception):
    """A setting is missing or wrong. The message names it and never repeats a secret."""


def _number(env: Mapping[str, str], name: str, default: float, low: float, high: float) -> float:
    text = env.get(name, str(default))
    try:
        number = float(text)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise ConfigError(f"{name} must be a number from {low:g} to {high:g}")
    return number


@dataclass(frozen=True)
class Config:
    database_url: str = field(repr=False)
    token: str = field(repr=False)
    port: int = 8080
    version: str = "development"
    environment: str = "development"
    database_connections: int = 8
    drain_seconds: float = 2.0
    body_limit: int = 64 * 1024

    @staticmethod
    def from_environment(env: Mapping[str, str]) -> "Config":
        database_url = env.get("DATABASE_URL", "")
        if not database_url.startswith(("postgresql://", "postgres://")):
            raise ConfigError("DATABASE_URL must be a postgresql:// address")
        token = env.get("PORTAL_TOKEN", "")
        if len(token) < 16:
            raise ConfigError("PORTAL_TOKEN must have at least 16 characters")
        return Config(
            database_url=database_url,
            token=token,
            port=int(_number(env, "PORT", 8080, 0, 65535)),
            version=env.get("PORTAL_VERSION", "development"),
            environment=env.get("PORTAL_ENVIRONMENT", "development"),
            database_connections=int(_number(env, "PORTAL_DATABASE_CONNECTIONS", 8, 1, 64)),
            drain_seconds=_number(env, "PORTAL_DRAIN_SECONDS", 2, 0, 60),
        )
