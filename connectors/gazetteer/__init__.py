"""The local land and property gazetteer: places as the custodian publishes them (BS 7666), and which of them an address means."""

from connectors.gazetteer.extract import Extract, Place, read_extract
from connectors.gazetteer.matching import Places
from connectors.gazetteer.publishing import GazetteerFiles, newest, source

__all__ = ["Extract", "GazetteerFiles", "Place", "Places", "newest", "read_extract", "source"]
