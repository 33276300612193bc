"""Transformations of what British sources bring: identifiers in their one form, places, and what must not be passed on."""

import re
from collections.abc import Callable

from pydantic import Field

from hub.connect.transformations import Fields, Names, Tools, Transformation
from hub.identity import identifiers, normalise
from hub.identity.identifiers import Validity
from hub.model.errors import Misconfigured


class NormalisePostcode(Transformation):
    """Writes postcodes in capitals with one space before the last three characters; what is none stays as it was said."""

    fields: Names = Field(min_length=1)

    def apply(self, fields: Fields, _tools: Tools) -> Fields:
        """The postcodes in their one form."""
        return fields | {name: _postcode(fields[name]) for name in self.fields if isinstance(fields.get(name), str)}


class NormaliseNino(Transformation):
    """Writes National Insurance numbers in capitals without spaces; what is none stays as it was said."""

    fields: Names = Field(min_length=1)

    def apply(self, fields: Fields, _tools: Tools) -> Fields:
        """The numbers in their one form."""
        return fields | {name: _form(fields[name], _compact, identifiers.nino) for name in self.fields if isinstance(fields.get(name), str)}


class NormalisePhone(Transformation):
    """Writes telephone numbers in their national form; what is none stays as it was said."""

    fields: Names = Field(min_length=1)

    def apply(self, fields: Fields, _tools: Tools) -> Fields:
        """The numbers in their one form."""
        return fields | {
            name: _form(fields[name], normalise.phone, identifiers.phone) for name in self.fields if isinstance(fields.get(name), str)
        }


class MatchUprn(Transformation):
    """Finds the UPRN of an address in the local gazetteer, where its source gives none; a match less sure than `least_score` is none."""

    address: str = "address"
    postcode: str = "postcode"
    uprn: str = "uprn"
    least_score: float = Field(default=0.9, ge=0, le=1)

    def apply(self, fields: Fields, tools: Tools) -> Fields:
        """The UPRN is there, if there is one; raises Misconfigured without a gazetteer."""
        if tools.find is None:
            raise Misconfigured(f"transforms.{self.name}", "needs the local gazetteer", "add a connector of kind gazetteer")
        if fields.get(self.uprn) or not fields.get(self.address):
            return fields
        found, score = tools.find(str(fields[self.address]), str(fields.get(self.postcode) or ""), "")
        return fields | {self.uprn: found} if found and score >= self.least_score else fields


class Pseudonymise(Transformation):
    """Puts a name in the place of a value: the same for the same value, of this hub alone, and saying nothing of it."""

    fields: Names = Field(min_length=1)

    def apply(self, fields: Fields, tools: Tools) -> Fields:
        """The names; raises Misconfigured where nothing makes them."""
        if tools.pseudonym is None:
            raise Misconfigured(f"transforms.{self.name}", "has nothing to make names with", "hub init")
        return fields | {name: tools.pseudonym(name, str(fields[name])) for name in self.fields if fields.get(name)}


class RedactByTag(Transformation):
    """Leaves out what an event says in fields that their schema tags as personal (`confluent:tags`), but for those that are kept."""

    about = "events"
    keep: Names = Field(default_factory=list)

    def apply(self, fields: Fields, _tools: Tools) -> Fields:
        """Records pass as they are: it is what they become that is redacted."""
        return fields


def _compact(said: str) -> str:
    return re.sub(r"[\s-]", "", said).upper()


def _form(said: str, form: Callable[[str], str], check: identifiers.Check) -> str:
    formed = form(said)
    return formed if check(formed) is not Validity.INVALID else said


def _postcode(said: str) -> str:
    formed = _form(said, _compact, identifiers.postcode)
    return said if identifiers.postcode(formed) is Validity.INVALID else f"{formed[:-3]} {formed[-3:]}"
