"""Pieces of a streamed answer that cannot be added."""

from chat_bridge.errors.requests import Conflict, TooLarge


class StreamEnded(Conflict):
    code = "stream_ended"
    text = "The answer '{response_id}' is over: {reason}."


class StreamOutOfOrder(Conflict):
    code = "stream_out_of_order"
    text = (
        "This piece does not fit: the answer has {length} characters in {sequence} pieces so far."
    )


class TooManyStreams(Conflict):
    code = "too_many_streams"
    text = "Up to {limit} answers of one conversation may be written at the same time."


class StreamTooLong(TooLarge):
    code = "stream_too_long"
    text = "A streamed answer may have up to {limit}."
