"""Several texts as one, so that no other texts give the same."""


def framed(*parts: str) -> bytes:
    """Each part stands behind its own length: ("ab", "c") and ("a", "bc") differ, whatever characters the parts hold."""
    # surrogates pass: a source that sends half a character gets an id too, and no UnicodeEncodeError shows its text
    return "".join([f"{len(part)}:{part}" for part in parts]).encode("utf-8", "surrogatepass")
