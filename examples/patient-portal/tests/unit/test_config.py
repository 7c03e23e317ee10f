import pytest

from portal.config import Config, ConfigError

GOOD = {"DATABASE_URL": "postgresql://portal@db/portal", "PORTAL_TOKEN": "0123456789abcdef"}


def test_defaults():
    config = Config.from_environment(GOOD)
    assert (config.port, config.version, config.environment) == (8080, "development", "development")


def test_settings_come_from_the_environment():
    env = {**GOOD, "PORT": "9000", "PORTAL_VERSION": "2.0.0", "PORTAL_ENVIRONMENT": "staging"}
    config = Config.from_environment(env)
    assert (config.port, config.version, config.environment) == (9000, "2.0.0", "staging")


@pytest.mark.parametrize(
    "change, named",
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://db"}, "DATABASE_URL"),
        ({"PORTAL_TOKEN": ""}, "PORTAL_TOKEN"),
        ({"PORTAL_TOKEN": "short"}, "PORTAL_TOKEN"),
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"PORTAL_DRAIN_SECONDS": "nan"}, "PORTAL_DRAIN_SECONDS"),
    ],
)
def test_a_wrong_setting_is_named(change, named):
    with pytest.raises(ConfigError, match=named):
        Config.from_environment({**GOOD, **change})


def test_secrets_are_not_in_the_text_of_the_config():
    text = repr(Config.from_environment(GOOD))
    assert GOOD["PORTAL_TOKEN"] not in text and GOOD["DATABASE_URL"] not in text
