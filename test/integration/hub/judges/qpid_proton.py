"""Checks of a hub with Qpid Proton, an AMQP 1.0 client that knows nothing of Azure.

    python3 qpid_proton.py PORT TLS_PORT CA_FILE KEY_NAME KEY

The hub has `orders` with 4 partitions and the consumer group `judges`. Prints one JSON line for each check.
"""
import json
import sys

from proton import VERSION, ConnectionException, Delivery, Described, Message, SSLDomain, symbol, ulong
from proton.handlers import MessagingHandler
from proton.reactor import AtLeastOnce, AtMostOnce, Container, Filter
from proton.utils import BlockingConnection, LinkDetached, SendException

PORT, TLS_PORT, CA_FILE, KEY_NAME, KEY = sys.argv[1:6]
RECEIVE = "orders/ConsumerGroups/judges/Partitions/{}"


def connect(key=KEY, **more):
    return BlockingConnection(
        f"amqp://127.0.0.1:{PORT}", user=KEY_NAME, password=key, allowed_mechs="PLAIN", timeout=10, **more
    )


def send(partition, *bodies, connection=None, options=None):
    own = connection or connect()
    sender = own.create_sender(f"orders/Partitions/{partition}", options=options)
    deliveries = [sender.send(Message(body=body)) for body in bodies]
    sender.close()
    if connection is None:
        own.close()
    return deliveries


def after(text):
    """A selector filter as Azure's clients send it."""
    name = "apache.org:selector-filter:string"
    return Filter({symbol(name): Described(ulong(0x468C00000004), f"amqp.annotation.{text}")})


def receive(connection, partition, count, selector, settles=()):
    """`settles`: how the client wants its messages; with AtLeastOnce the hub has to leave them unsettled."""
    receiver = connection.create_receiver(RECEIVE.format(partition), credit=10, options=[after(selector), *settles])
    messages = []
    for _ in range(count):
        messages.append(receiver.receive(timeout=10))
        if settles:
            receiver.accept()
    receiver.close()
    return messages


def send_and_receive():
    connection = connect()
    send(0, "one", "two", connection=connection)
    got = receive(connection, 0, 2, "x-opt-offset > '-1'")
    assert [message.body for message in got] == ["one", "two"], got
    annotations = got[0].annotations
    assert annotations["x-opt-sequence-number"] == 0 and isinstance(annotations["x-opt-offset"], str), annotations
    connection.close()


def sender_settles_first():
    connection = connect()
    send(1, "presettled", connection=connection, options=AtMostOnce())
    send(1, "settled by the hub", connection=connection, options=AtLeastOnce())
    got = receive(connection, 1, 2, "x-opt-offset > '-1'")
    assert [message.body for message in got] == ["presettled", "settled by the hub"], got
    connection.close()


def receiver_settles():
    connection = connect()
    send(1, "to be settled", connection=connection)
    assert len(receive(connection, 1, 1, "x-opt-offset > '-1'", [AtLeastOnce()])) == 1
    connection.close()


def outcome_is_accepted():
    (delivery,) = send(2, "x")
    assert delivery.remote_state == Delivery.ACCEPTED, delivery.remote_state


def many_frames():
    connection = connect()
    body = b"\x5a" * 900_000
    send(3, body, connection=connection)
    (message,) = receive(connection, 3, 1, "x-opt-offset > '-1'")
    assert bytes(message.body) == body
    connection.close()


def small_frames():
    connection = connect(max_frame_size=512)
    body = b"\x5b" * 20_000
    send(3, body, connection=connection)
    got = receive(connection, 3, 2, "x-opt-offset > '-1'")
    assert bytes(got[1].body) == body
    connection.close()


def too_large():
    connection = connect()
    sender = connection.create_sender("orders/Partitions/0")
    try:
        sender.send(Message(body=b"x" * 1_100_000))
        raise AssertionError("was not refused")
    except SendException as refused:
        assert refused.state == Delivery.REJECTED
    sender.send(Message(body="small"))
    connection.close()


class Drain(MessagingHandler):
    """Asks for the credit back that the hub could not use."""

    def __init__(self):
        super().__init__(prefetch=0)
        self.received, self.returned = 0, None

    def on_start(self, event):
        self.connection = event.container.connect(
            f"127.0.0.1:{PORT}", user=KEY_NAME, password=KEY, allowed_mechs="PLAIN", reconnect=False
        )
        self.receiver = event.container.create_receiver(
            self.connection, RECEIVE.format(0), options=after("x-opt-offset > '-1'")
        )
        self.receiver.drain(500)
        event.container.schedule(10, self)

    def on_message(self, _event):
        self.received += 1

    def on_link_flow(self, event):
        if event.link.is_receiver and event.link.credit == 0:
            self.returned = event.link.drained()
            self.connection.close()

    def on_timer_task(self, event):
        event.container.stop()


def drain():
    handler = Drain()
    Container(handler).run()
    assert handler.received >= 2 and handler.returned is not None, (handler.received, handler.returned)


def selectors():
    connection = connect()
    send(2, "a", "b", "c", connection=connection)
    everything = receive(connection, 2, 4, "x-opt-offset > '-1'")
    middle = everything[2].annotations
    for selector, wanted in [
        (f"x-opt-offset > '{middle['x-opt-offset']}'", "c"),
        (f"x-opt-offset >= '{middle['x-opt-offset']}'", "b"),
        (f"x-opt-sequence-number > '{middle['x-opt-sequence-number']}'", "c"),
        (f"x-opt-sequence-number >= '{middle['x-opt-sequence-number']}'", "b"),
        (f"x-opt-enqueued-time > '{int(middle['x-opt-enqueued-time']) - 1}'", None),
    ]:
        (first,) = receive(connection, 2, 1, selector)
        assert wanted is None or first.body == wanted, (selector, first.body)
    connection.close()


def refused(work, condition):
    try:
        work()
    except (LinkDetached, ConnectionException) as error:
        found = getattr(error, "condition", None) or str(error)
        assert condition in str(found), found
        return
    raise AssertionError("was not refused")


def unknown_hub():
    connection = connect()
    refused(lambda: connection.create_sender("nope"), "amqp:not-found")
    refused(lambda: connection.create_receiver("orders/ConsumerGroups/nope/Partitions/0"), "amqp:not-found")
    refused(lambda: connection.create_sender("orders/Partitions/77"), "com.microsoft:argument-out-of-range")
    send(0, "still here", connection=connection)
    connection.close()


def bad_selector():
    connection = connect()
    refused(
        lambda: connection.create_receiver(RECEIVE.format(0), options=after("x-opt-offset > 'abc'")),
        "com.microsoft:argument-error",
    )
    connection.close()


def wrong_key():
    refused(lambda: connect(key="wrong"), "amqp:unauthorized-access")


def without_a_key():
    connection = BlockingConnection(f"amqp://127.0.0.1:{PORT}", allowed_mechs="ANONYMOUS", timeout=10)
    refused(lambda: connection.create_sender("orders"), "amqp:unauthorized-access")
    connection.close()


def inside_tls():
    trust = SSLDomain(SSLDomain.MODE_CLIENT)
    trust.set_trusted_ca_db(CA_FILE)
    trust.set_peer_authentication(SSLDomain.VERIFY_PEER_NAME)
    connection = BlockingConnection(
        f"amqps://localhost:{TLS_PORT}",
        user=KEY_NAME,
        password=KEY,
        allowed_mechs="PLAIN",
        timeout=10,
        ssl_domain=trust,
    )
    send(0, "secret", connection=connection)
    connection.close()


CHECKS = [
    send_and_receive,
    sender_settles_first,
    receiver_settles,
    outcome_is_accepted,
    many_frames,
    small_frames,
    too_large,
    drain,
    selectors,
    unknown_hub,
    bad_selector,
    wrong_key,
    without_a_key,
    inside_tls,
]

print(json.dumps({"client": f"Qpid Proton {'.'.join(map(str, VERSION))}"}), flush=True)
for check in CHECKS:
    try:
        check()
        print(json.dumps({"check": check.__name__, "ok": True}), flush=True)
    except Exception as error:  # one check must not keep the others from running
        print(json.dumps({"check": check.__name__, "ok": False, "why": f"{type(error).__name__}: {error}"}), flush=True)
