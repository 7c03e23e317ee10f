"""Splits HL7 version 2 messages into segments and fields. Invented for this scenario; there is no such package."""

__version__ = "0.9.0"


def segments(message: str) -> list[list[str]]:
    return [line.split("|") for line in message.replace("\n", "\r").split("\r") if line]
