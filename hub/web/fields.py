"""What a field of a request may hold: the narrowest shape that the world needs, said in the API's description as it is checked."""

import re
from datetime import date, datetime
from typing import Annotated, Any, TypeAlias

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, Strict
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

KEY = r"^[A-Za-z0-9][A-Za-z0-9:._-]{0,127}$"
INSTANT = r"^(19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-](0\d|1[0-4]):[0-5]\d)$"
DAY = r"^(19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2\d|3[01])$"
_PRINTABLE = r"^[^\x00-\x1f\x7f]+$"


def _said(value: Any) -> Any:
    """RFC 3339 text and nothing else: a number of seconds is not an instant that anybody said."""
    if isinstance(value, datetime) or (isinstance(value, str) and re.fullmatch(INSTANT, value)):
        return value
    raise PydanticCustomError("instant_text", "Input should be an RFC 3339 text")


def _day_said(value: Any) -> Any:
    """RFC 3339 text of a day, and nothing else."""
    if isinstance(value, str) and re.fullmatch(DAY, value):
        return value
    raise PydanticCustomError("day_text", "Input should be an RFC 3339 date")


def _whole(value: Any) -> Any:
    """JSON does not tell 2.0 from 2."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Instant = Annotated[
    AwareDatetime, BeforeValidator(_said), Field(json_schema_extra={"type": "string", "format": "date-time", "pattern": INSTANT})
]
Day = Annotated[date, BeforeValidator(_day_said), Field(json_schema_extra={"type": "string", "format": "date", "pattern": DAY})]
Id = Annotated[str, Field(pattern=KEY, description="An id that the hub gave.")]
Name = Annotated[
    str, Field(pattern=_PRINTABLE, max_length=120, description="A name of a team, organisation or service; never of a person.")
]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="A code from a list, never free text.")]
PersonalText = Annotated[str, Field(min_length=1, max_length=10_000, description="Free text; sealed before it is kept, and not served.")]
Flag: TypeAlias = Annotated[bool, Strict()]
Seconds: TypeAlias = Annotated[int, Strict(), Field(ge=0, le=2**31 - 1), BeforeValidator(_whole)]
Stage: TypeAlias = Annotated[int, Strict(), Field(ge=1, le=3, description="The stage, from 1."), BeforeValidator(_whole)]
Few: TypeAlias = Annotated[int, Strict(), Field(ge=1, le=366), BeforeValidator(_whole)]
Latitude: TypeAlias = Annotated[float, Strict(), Field(ge=-90, le=90)]
Longitude: TypeAlias = Annotated[float, Strict(), Field(ge=-180, le=180)]
Weight: TypeAlias = Annotated[float, Strict(), Field(gt=0, le=1_000_000)]


Nothing: TypeAlias = SkipJsonSchema[None]
"""A parameter that is left out: there is no way to send null in a header or a query."""


class Body(BaseModel):
    """What a request says; nothing unknown is accepted, nothing said is echoed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    occurred_at: Instant | None = Field(default=None, description="When it happened in the world; now, if left out.")
