"""The agent of the README, as a program of its own; `silent` takes a message and says nothing."""

import sys
import threading

from chat_bridge.client import Agent, InboxMessage


def main(url: str, manner: str) -> None:
    agent = Agent(url, lease=2.0)

    @agent.on_message
    def answer(message: InboxMessage) -> str:
        if manner == "silent":
            sys.stdout.write(f"{message.id} {message.timestamp} {message.attempt}\n")
            sys.stdout.flush()
            threading.Event().wait()
        return f"You said: {message.text}"

    agent.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
