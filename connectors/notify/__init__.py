"""GOV.UK Notify: which customers were told what about their cases, by its callbacks or by asking it."""

from functools import partial

from connectors.notify.polling import NotifyCallbacks, NotifyStatuses, poll, poll_callbacks
from connectors.notify.receipts import translate
from connectors.surroundings import Surroundings
from hub.model.connector import Source

__all__ = ["NotifyCallbacks", "NotifyStatuses", "callbacks", "statuses"]


def callbacks(config: NotifyCallbacks, surroundings: Surroundings) -> Source:
    """The source of what Notify calls back."""
    return Source(
        name=config.name, system=config.system, controller=config.controller, poll=partial(poll_callbacks, config, surroundings),
        translate=partial(translate, config), origin=lambda record: record.place,
    )  # fmt: skip


def statuses(config: NotifyStatuses, surroundings: Surroundings) -> Source:
    """The source of what Notify says when it is asked."""
    return Source(
        name=config.name, system=config.system, controller=config.controller, poll=partial(poll, config, surroundings),
        translate=partial(translate, config), origin=lambda record: record.place,
    )  # fmt: skip
