"""The closed list of reasons for which a record is rejected: what a dead letter carries instead of an exception's text."""

from enum import StrEnum
from typing import Self


class Rejection(StrEnum):
    """Why a record can never succeed; a code, once published, keeps its meaning."""

    means: str
    """What a code says, in a sentence for people."""

    def __new__(cls, code: str, means: str = "") -> Self:
        """The code is the member's value; what it means goes with it."""
        member = str.__new__(cls, code)
        member._value_, member.means = code, means
        return member

    NULL_VALUE = "null-value", "A key without a value, on a topic that forgets nothing by key."
    NULL_KEY = "null-key", "A record without a key, so that nobody knows what it is about."
    MISROUTED_KEY = "misrouted-key", "A record on another partition than the one its key belongs to."
    EMPTY = "empty", "No bytes at all where a record was due."
    TOO_LARGE = "too-large", "More than 256 kB."
    NOT_FRAMED = "not-framed", "The first byte is not the magic byte of the wire format, or the frame ends before the schema id does."
    UNKNOWN_SCHEMA = "unknown-schema", "No schema of ours has this id."
    WRONG_TOPIC = "wrong-topic", "The schema is ours, but its events have no place on this topic."
    TRUNCATED = "truncated", "The record ends before its schema does."
    TRAILING_BYTES = "trailing-bytes", "Bytes are left after the last field."
    OVERLONG_NUMBER = "overlong-number", "A number is written in more bytes than it needs, or in more than ten."
    NUMBER_OUT_OF_RANGE = "number-out-of-range", "A number does not fit the type its schema gives."
    NOT_A_NUMBER = "not-a-number", "A decimal number is infinite, or none."
    NOT_A_BOOLEAN = "not-a-boolean", "A truth value is neither 0 nor 1."
    NEGATIVE_LENGTH = "negative-length", "A text, a box of bytes or a list claims a length below nought."
    NOT_TEXT = "not-text", "A text is not UTF-8."
    NO_SUCH_SYMBOL = "no-such-symbol", "An enumeration has no symbol of this index."
    NO_SUCH_BRANCH = "no-such-branch", "A union has no branch of this index."
    NO_SUCH_INSTANT = "no-such-instant", "An instant or a date lies outside the years 1 to 9999."
    NOT_REENCODED = "not-reencoded", "The record says what another byte string says too, on a topic where outsiders write."
    SEAL_BROKEN = "seal-broken", "A sealed value was changed, or was made for another place."
    SEAL_KEY_UNKNOWN = "seal-key-unknown", "A sealed value stands under a key that this hub's key store never made."
    ERASED = "erased", "What is asked for was erased; only its place is left."
    SCHEMA_REFUSED = "schema-refused", "What was offered as a schema is none, or one that the hub would not decode with."

    XML_TOO_LARGE = "xml-too-large", "An XML document is larger than its reader allows."
    XML_MALFORMED = "xml-malformed", "It is not XML."
    XML_DOCTYPE = "xml-doctype", "It declares a document type, which no honest source needs."
    XML_TOO_DEEP = "xml-too-deep", "Its elements are nested deeper than its reader allows."

    OPEN311_UNREADABLE = "open311-unreadable", "An Open311 reply is neither of the two formats."
    OPEN311_NO_ENDPOINT = "open311-no-endpoint", "A discovery document names no endpoint that can be used."
    OPEN311_ENDPOINT_NOT_HTTPS = "open311-endpoint-not-https", "A discovery document names an endpoint without transport security."
    OPEN311_MALFORMED = "open311-malformed", "A request lacks a field that GeoReport v2 requires, or has one of another shape."
    OPEN311_UNKNOWN_CHANNEL = "open311-unknown-channel", "A request came on a channel that the connector's vocabulary lacks."
    OPEN311_UNKNOWN_STATUS = "open311-unknown-status", "A request has a status that the connector's vocabulary lacks."
    OPEN311_UNKNOWN_NOTE = "open311-unknown-note", "A request has a note of a type that the connector's vocabulary lacks."
    OPEN311_CLOSED_UNDATED = "open311-closed-undated", "A request is closed, but nothing says when."

    CSV_NOT_A_FILE = "csv-not-a-file", "What was dropped is no ordinary file."
    CSV_FILE_TOO_LARGE = "csv-file-too-large", "A dropped file is larger than the connector allows."
    CSV_FILE_GONE = "csv-file-gone", "A file was taken away before it was read to its end."
    CSV_ENCODING = "csv-encoding", "A file is not in the encoding that was declared for it."
    CSV_NUL = "csv-nul", "A line holds a NUL character."
    CSV_MALFORMED = "csv-malformed", "A line is not CSV."
    CSV_HEADER_MISSING = "csv-header-missing", "A file lacks a column that the mapping names."
    CSV_HEADER_DUPLICATE = "csv-header-duplicate", "A file has two columns of one name."
    CSV_TOO_MANY_COLUMNS = "csv-too-many-columns", "A file has more columns than the connector allows."
    CSV_TOO_MANY_LINES = "csv-too-many-lines", "A file has more lines than the connector allows."
    CSV_RAGGED = "csv-ragged", "A row has more or fewer values than the file has columns."
    CSV_ROW_TOO_LONG = "csv-row-too-long", "A row is longer than the connector allows."
    CSV_REFERENCE = "csv-reference", "A row has no usable reference of its own."
    CSV_VALUE_MISSING = "csv-value-missing", "A row lacks a value that the mapping requires."
    CSV_VALUE_TOO_LONG = "csv-value-too-long", "A value is longer than what it means may be."
    CSV_DATE = "csv-date", "A value is not a date in the declared format."
    CSV_DATE_OF_CLOCK_CHANGE = "csv-date-of-clock-change", "A local time that the change of the clocks left out, or gave twice."
    CSV_NUMBER = "csv-number", "A value is not a number within its range."
    CSV_UNKNOWN_CHANNEL = "csv-unknown-channel", "A row has a channel that the connector's vocabulary lacks."
    CSV_UNKNOWN_STATUS = "csv-unknown-status", "A row has a status that the connector's vocabulary lacks."
    CSV_UNKNOWN_WORD = "csv-unknown-word", "A row has a value that what it says cannot have."

    EXCEL_NOT_A_WORKBOOK = "excel-not-a-workbook", "A file is no Excel workbook, or is damaged."
    EXCEL_TOO_LARGE = "excel-too-large", "A workbook unpacks to more bytes, parts or texts than the connector allows."
    EXCEL_NO_SHEET = "excel-no-sheet", "A workbook has no sheet of the name that the connector reads."
    EXCEL_ERROR_VALUE = "excel-error-value", "A cell that the mapping names shows an error instead of a value."
    NOTIFY_MALFORMED = "notify-malformed", "A message of GOV.UK Notify's lacks what every message has, or has it in another shape."
    NOTIFY_UNKNOWN_STATUS = "notify-unknown-status", "A message of GOV.UK Notify's is of a type or status that nobody knows."
    RECORD_MALFORMED = "record-malformed", "What came is not the JSON that was agreed, or not an object where a record was due."
    RECORD_UNMAPPED = "record-unmapped", "No layout of the connector is for records of this name."

    FILE_NOT_A_FILE = "file-not-a-file", "What was dropped where whole files are read is no ordinary file."
    FILE_TOO_LARGE = "file-too-large", "A file that is read whole is larger than 16 MB."
    GRO_NOT_AN_EXTRACT = "gro-not-an-extract", "A file is XML, but not the registrar's extract of deaths."
    GRO_COUNT = "gro-count", "An extract holds fewer or more registrations than it says: it was cut off, or added to."
    GRO_MALFORMED = "gro-malformed", "A registration lacks what every registration has, or has it in another shape."
    GRO_UNKNOWN_REASON = "gro-unknown-reason", "A registration was changed for a reason that nobody knows."
    GRO_DATE = "gro-date", "A registration has a date or a time that cannot be."

    DWP_NOT_A_FILE_OF_CHANGES = "dwp-not-a-file-of-changes", "A file is no file of changes of circumstances, or of a version nobody knows."
    DWP_COUNT = "dwp-count", "A file of changes holds fewer or more than its trailer says: it was cut off, or added to."
    DWP_MALFORMED = "dwp-malformed", "A change lacks what every change has, or has it in another shape."
    DWP_DATE = "dwp-date", "A change has a date or a time that cannot be, or a time without a zone."
    DWP_UNKNOWN_CHANGE = "dwp-unknown-change", "A change is of a kind that nobody knows."
    DWP_OUT_OF_DATE = "dwp-out-of-date", "A change was recorded so long ago that a person has to look at it before anybody is told."

    SIGNAL_NOT_SIGNED = "signal-not-signed", "A security event token is none, or no key of its issuer's signed it."
    SIGNAL_MALFORMED = "signal-malformed", "A security event token lacks a claim, or has one of another shape."
    SIGNAL_NOT_FOR_US = "signal-not-for-us", "A security event token is from another issuer, or meant for another audience."
    SIGNAL_OUT_OF_TIME = "signal-out-of-time", "A security event token was issued too long ago to be believed, or in the future."
    SIGNAL_REPLAYED = "signal-replayed", "A security event token has the id of another that was heard before."
    SIGNAL_UNKNOWN_EVENT = "signal-unknown-event", "A security event token tells of an event that the hub knows nothing of."
