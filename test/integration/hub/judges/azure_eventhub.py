"""Checks of a hub with Azure's own Python client.

    python3 azure_eventhub.py TLS_PORT CA_FILE KEY_NAME KEY [amqp]

It connects through WebSockets, as this client does to every port but 5671; with `amqp` to that one, without them. The hub has `orders` with 4 partitions and the consumer group `judges`. Prints one JSON line for each check.
"""
import datetime
import json
import logging
import sys
import threading
import uuid

from azure.eventhub import (
    EventData,
    EventHubConsumerClient,
    EventHubProducerClient,
    __version__,
)
from azure.eventhub.exceptions import AuthenticationError, ConnectError, EventDataSendError, EventHubError

TLS_PORT, CA_FILE, KEY_NAME, KEY = sys.argv[1:5]
logging.disable(logging.CRITICAL)
OPTIONS = {
    **({} if "amqp" in sys.argv else {"custom_endpoint_address": f"https://localhost:{TLS_PORT}"}),
    "connection_verify": CA_FILE,
    "retry_total": 0,
}
GROUP = "judges"


def text(key=KEY):
    return f"Endpoint=sb://localhost/;SharedAccessKeyName={KEY_NAME};SharedAccessKey={key}"


def producer(hub="orders", key=KEY, **more):
    return EventHubProducerClient.from_connection_string(text(key), eventhub_name=hub, **OPTIONS, **more)


def consumer(hub="orders", key=KEY, **more):
    return EventHubConsumerClient.from_connection_string(text(key), GROUP, eventhub_name=hub, **OPTIONS, **more)


def receive(wanted, partition, position, seconds=15, **options):
    """Events of a partition from a position on, until `wanted` came; also what on_error was told."""
    found, errors, client = [], [], consumer()
    enough = threading.Event()

    def on_event(context, event):
        if event is not None:
            found.append((event, context.last_enqueued_event_properties))
        if len(found) >= wanted:
            enough.set()

    def on_error(_context, error):
        errors.append(error)
        enough.set()

    thread = threading.Thread(
        target=lambda: client.receive(
            on_event, on_error=on_error, partition_id=partition, starting_position=position, max_wait_time=1, **options
        )
    )
    thread.start()
    enough.wait(seconds)
    client.close()
    thread.join(10)
    return found, errors


def last_of(partition):
    with consumer() as client:
        return client.get_partition_properties(partition)


def bodies(found):
    return [event.body_as_str() for event, _ in found]


def send(partition, *texts, **options):
    with producer(**options) as client:
        client.send_batch([EventData(one) for one in texts], partition_id=partition)


def batch_in_and_out():
    before = last_of("0")["last_enqueued_sequence_number"]
    send("0", "one", "two", "three")
    found, _ = receive(3, "0", before)
    assert bodies(found) == ["one", "two", "three"], bodies(found)
    numbers = [event.sequence_number for event, _ in found]
    assert numbers == [before + 1, before + 2, before + 3], numbers


def single_event():
    before = last_of("1")["last_enqueued_sequence_number"]
    with producer() as client:
        client.send_event(EventData("alone"), partition_id="1")
    assert bodies(receive(1, "1", before)[0]) == ["alone"]


def batch_object():
    before = last_of("2")["last_enqueued_sequence_number"]
    with producer() as client:
        batch = client.create_batch(partition_id="2")
        for number in range(200):
            batch.add(EventData(str(number)))
        client.send_batch(batch)
    assert bodies(receive(200, "2", before)[0]) == [str(number) for number in range(200)]


def properties_of_every_type():
    given = {"text": "a", "int": 2**30, "float": 1.5, "bool": True, "bytes": b"\x00\x01", "id": uuid.uuid4()}
    before = last_of("0")["last_enqueued_sequence_number"]
    event = EventData(b"\xff\x00")
    event.properties = given
    event.content_type = "application/x"
    event.correlation_id = "c-1"
    event.message_id = "m-1"
    with producer() as client:
        client.send_batch([event], partition_id="0")
    (got, _), = receive(1, "0", before)[0]
    found = {key.decode(): value for key, value in got.properties.items()}
    assert found["text"] == b"a" and found["int"] == 2**30 and found["float"] == 1.5, found
    assert found["bool"] is True and found["bytes"] == b"\x00\x01" and found["id"] == given["id"], found
    assert b"".join(got.body) == b"\xff\x00"
    assert (got.content_type, got.correlation_id, got.message_id) == ("application/x", "c-1", "m-1")


def by_partition_key():
    with consumer() as client:
        before = {p: client.get_partition_properties(p)["last_enqueued_sequence_number"] for p in "0123"}
    with producer() as client:
        client.send_batch([EventData("a"), EventData("b")], partition_key="customer-7")
    with consumer() as client:
        grown = [p for p in "0123" if client.get_partition_properties(p)["last_enqueued_sequence_number"] > before[p]]
    assert len(grown) == 1, grown
    found, _ = receive(2, grown[0], before[grown[0]])
    assert {event.partition_key for event, _ in found} == {b"customer-7"}


def runtime_information():
    with producer() as client:
        hub = client.get_eventhub_properties()
        partition = client.get_partition_properties("0")
    assert hub["eventhub_name"] == "orders" and hub["partition_ids"] == ["0", "1", "2", "3"], hub
    assert isinstance(hub["created_at"], datetime.datetime)
    assert partition["last_enqueued_sequence_number"] >= partition["beginning_sequence_number"] and not partition["is_empty"]


def positions():
    before = last_of("3")["last_enqueued_sequence_number"]
    send("3", "p1", "p2", "p3")
    found, _ = receive(3, "3", before)
    middle = found[1][0]
    for position, inclusive, wanted in [
        (middle.offset, False, ["p3"]),
        (middle.offset, True, ["p2", "p3"]),
        (middle.sequence_number, True, ["p2", "p3"]),
        (middle.enqueued_time - datetime.timedelta(milliseconds=1), False, ["p1", "p2", "p3"]),
    ]:
        got, _ = receive(len(wanted), "3", position, starting_position_inclusive=inclusive)
        assert bodies(got)[-len(wanted):] == wanted, (position, inclusive, bodies(got))
    assert bodies(receive(1, "3", "-1")[0])


def latest_position():
    heard, client = [], consumer()
    came = threading.Event()

    def on_event(_context, event):
        if event is not None:
            heard.append(event.body_as_str())
            came.set()

    thread = threading.Thread(
        target=lambda: client.receive(on_event, partition_id="3", starting_position="@latest", max_wait_time=1)
    )
    thread.start()
    # Nobody tells when the link is there: one is sent after the other until one is heard.
    for number in range(30):
        send("3", f"new {number}")
        if came.wait(0.5):
            break
    client.close()
    thread.join(10)
    assert heard and all(body.startswith("new ") for body in heard), heard


def last_enqueued_properties():
    send("0", "x")
    found, _ = receive(1, "0", "-1", track_last_enqueued_event_properties=True)
    told = found[0][1]
    assert told["sequence_number"] >= 0 and told["offset"] and told["enqueued_time"] and told["retrieval_time"], told


def owner_level_steals():
    lost = threading.Event()
    first = consumer()
    thread = threading.Thread(
        target=lambda: first.receive(
            lambda _c, _e: None,
            on_error=lambda _c, error: lost.set() if "epoch" in str(error) else None,
            partition_id="1",
            owner_level=1,
            max_wait_time=1,
        )
    )
    thread.start()
    receive(1, "1", "-1", owner_level=2)
    assert lost.wait(15)
    first.close()
    thread.join(10)


def buffered_producer():
    sent, failed = [], []
    client = producer(
        buffered_mode=True,
        on_success=lambda events, _partition: sent.extend(events),
        on_error=lambda _events, _partition, error: failed.append(error),
        max_wait_time=1,
    )
    with client:
        for number in range(50):
            client.send_event(EventData(str(number)))
    assert len(sent) == 50 and not failed, (len(sent), failed)


def refused(kind, work, *words):
    try:
        work()
    except kind as error:
        assert all(word in str(error) for word in words), str(error)
        return
    raise AssertionError("was not refused")


def wrong_key():
    refused((AuthenticationError, ConnectError), lambda: producer(key="wrong").get_eventhub_properties())


def unknown_hub():
    refused((ConnectError, EventHubError), lambda: producer(hub="nope").get_eventhub_properties(), "404")


def unknown_partition():
    refused(EventHubError, lambda: send("9", "x"), "partition")


def too_large():
    refused(
        (EventDataSendError, EventHubError, ValueError),
        lambda: send("0", "x" * 1_100_000),
        "exceed",
    )
    send("0", "small")


CHECKS = [
    batch_in_and_out,
    single_event,
    batch_object,
    properties_of_every_type,
    by_partition_key,
    runtime_information,
    positions,
    latest_position,
    last_enqueued_properties,
    owner_level_steals,
    buffered_producer,
    wrong_key,
    unknown_hub,
    unknown_partition,
    too_large,
]

print(json.dumps({"client": f"azure-eventhub {__version__}"}), flush=True)
for check in CHECKS:
    try:
        check()
        print(json.dumps({"check": check.__name__, "ok": True}), flush=True)
    except Exception as error:  # one check must not keep the others from running
        print(json.dumps({"check": check.__name__, "ok": False, "why": f"{type(error).__name__}: {error}"}), flush=True)
