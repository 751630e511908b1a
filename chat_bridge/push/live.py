from chat_bridge.ports import Wakeup
from chat_bridge.push.claims import Claims
from chat_bridge.push.credentials import Authorise, PostMessage
from chat_bridge.push.desk import SocketDesk
from chat_bridge.push.feed import Encode, Feed, Readers
from chat_bridge.push.hub import Hub
from chat_bridge.push.interest import Interest
from chat_bridge.push.origins import Origins
from chat_bridge.push.relay import Relay
from chat_bridge.push.slots import Slots
from chat_bridge.push.sockets import Cookies, Gate
from chat_bridge.push.streams import HubWaiting
from chat_bridge.push.subscription import Backlog
from chat_bridge.push.waiters import Waiters


class Live:
    """The push layer of one process. Make it after the fork, start it once."""

    def __init__(
        self, feed: Feed, encode: Encode, *, wakeup: Wakeup, slots: Slots, readers: Readers
    ) -> None:
        self._feed = feed
        self._wakeup = wakeup
        self.interest = Interest()
        self.claims = Claims()
        self.waiters = Waiters(self.claims, self.interest)
        self.backlog = Backlog(feed, encode, claims=self.claims, readers=readers)
        self.hub = Hub(self.interest, slots)
        self.relay = Relay(feed, encode, wakeup, hub=self.hub, waiters=self.waiters)
        self.waiting = HubWaiting(self.hub, self.waiters, self.backlog)

    def gate(
        self, authorise: Authorise, post_message: PostMessage, origins: Origins, *, cookies: Cookies
    ) -> Gate:
        desk = SocketDesk(
            authorise=authorise,
            post_message=post_message,
            feed=self._feed,
            wakeup=self._wakeup,
            claims=self.claims,
            interest=self.interest,
        )
        return Gate(
            desk=desk,
            hub=self.hub,
            backlog=self.backlog,
            origins=origins,
            cookies=cookies,
        )

    def start(self) -> None:
        self.hub.start()
        self.relay.start()

    def stop(self) -> None:
        """Sockets are told to come back, polls get their empty answer."""
        self.relay.stop()
        self.hub.drain()
        self.claims.stop()
