"""The app's secret stores as a plugin offers them."""

import os
from pathlib import Path

from attrs import field, frozen
from returns.result import Result, Success

from alchemiser_app.home_folder import at_home
from alchemiser_core.config import doc
from alchemiser_core.config.checks import PATH
from alchemiser_core.plugins import BuildError, NoSettings, PluginContext, SecretStoreFactory
from alchemiser_core.ports.secret_store import SecretStore


@frozen
class EnvFileSettings:
    """Settings of the `env-file` store."""

    file: str = field(
        default=".env",
        validator=PATH,
        metadata=doc("File of lines NAME=value, which you alone may read (mode 0600)."),
    )


def build_environment(
    settings: NoSettings, context: PluginContext
) -> Result[SecretStore, BuildError]:
    """Secrets from the variables of this process."""
    from alchemiser_app.secrets.environment import EnvironmentSecrets

    return Success(EnvironmentSecrets(os.environ))


def build_env_file(
    settings: EnvFileSettings, context: PluginContext
) -> Result[SecretStore, BuildError]:
    """Secrets from a file; a relative path is meant from the configuration's folder."""
    from alchemiser_app.secrets.env_file import EnvFileSecrets

    return Success(EnvFileSecrets(Path(context.folder) / at_home(settings.file)))


SECRET_STORES = (
    SecretStoreFactory(
        name="environment",
        summary="Secrets from environment variables: alpaca-key-id is ALPACA_KEY_ID",
        settings=NoSettings,
        build=build_environment,
    ),
    SecretStoreFactory(
        name="env-file",
        summary="Secrets from a file that only you can read, .env unless told otherwise",
        settings=EnvFileSettings,
        build=build_env_file,
    ),
)
"""For the app's plugin entry."""
