"""Why brokers or topics cannot be used as they are; every message ends with how to mend it."""


class TopicError(Exception):
    """The broker's topics are not as declared; the message says how to mend it."""


class BrokerUnreachable(TopicError):
    """No broker answered."""

    def __init__(self, bootstrap: str, cause: str) -> None:
        super().__init__(
            f"No broker answered at {bootstrap} ({cause}). Check the address,"
            " and that the broker runs and can be reached from here."
        )


class AccessRefused(TopicError):
    """A broker answered, and either it does not let us in, or we do not believe that it is one."""

    def __init__(self, broker: str, why: str, setting: str) -> None:
        super().__init__(
            f"The broker at {broker} {why}. Check TOUCHLINE_KAFKA_{setting},"
            " and the other TOUCHLINE_KAFKA_ settings beside it."
        )


class TopicForbidden(TopicError):
    """The broker does not tell us of a topic."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Topic {name} may not be seen by whom TOUCHLINE_KAFKA_ settings say we are."
            " Allow it; docs/operations.md has what each service needs at the broker."
        )


class TopicMissing(TopicError):
    """A declared topic does not exist."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Topic {name} does not exist. Run `touchline topics apply` first.")


class WrongPartitionCount(TopicError):
    """A topic has another partition count than its key's placement was made for."""

    def __init__(self, name: str, declared: int, actual: int) -> None:
        super().__init__(
            f"Topic {name} has {actual} partitions, but {declared} are declared. The count is"
            " fixed for life: with another, a lead's records would lie on two partitions, out of"
            " order."
            f" Copy its records into a new topic of {declared} partitions,"
            " or delete it if it is empty, and run `touchline topics apply`."
        )


class AlterRefused(TopicError):
    """The broker did not accept a setting."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(
            f"The broker refused the settings of topic {name}: {cause}."
            " Check that you may alter topics there, and the values in schemas/topics.py."
        )
