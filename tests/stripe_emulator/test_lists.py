"""Pages of objects."""

from devtools.stripe_emulator.testing import Running
from tests.stripe_emulator.shop import NOON, charge, refused, saved_card


def test_pages_join_without_gap_or_double(client) -> None:
    made = [client.v1.customers.create({}).id for _number in range(7)]

    first = client.v1.customers.list({"limit": 3})
    second = client.v1.customers.list({"limit": 3, "starting_after": first.data[-1].id})
    back = client.v1.customers.list({"limit": 3, "ending_before": second.data[0].id})
    every = [row.id for row in client.v1.customers.list({"limit": 2}).auto_paging_iter()]

    assert [row.id for row in first.data + second.data] == made[:0:-1]
    assert (first.has_more, second.has_more) == (True, True)
    assert [row.id for row in back.data] == [row.id for row in first.data]
    assert not back.has_more
    assert every == made[::-1]


def test_lists_are_cut_by_time(emulator: Running, client) -> None:
    emulator.clock.freeze(NOON)
    made = []
    for _hour in range(3):
        made.append(client.v1.customers.create({}).id)
        emulator.clock.advance(hours=1)
    noon = int(NOON.timestamp())

    def ids(created: object) -> list[str]:
        return [row.id for row in client.v1.customers.list({"created": created}).data]

    assert ids({"gte": noon + 3600}) == [made[2], made[1]]
    assert ids({"gt": noon + 3600}) == [made[2]]
    assert ids({"gte": noon, "lt": noon + 7200}) == [made[1], made[0]]
    assert ids(noon) == [made[0]]


def test_payments_are_found_by_customer_with_what_was_noted(client) -> None:
    mine, other = saved_card(client), saved_card(client)
    charge(client, other)
    made = charge(client, mine, metadata={"attempt": "pledge:1:1"})

    rows = client.v1.payment_intents.list({"customer": mine["customer"]}).data

    assert [(row.id, row.metadata["attempt"]) for row in rows] == [(made.id, "pledge:1:1")]


def test_metadata_is_changed_name_by_name(client) -> None:
    made = client.v1.customers.create({"metadata": {"a": "1", "b": "2"}})

    after = client.v1.customers.update(made.id, {"metadata": {"a": "", "c": "3"}})

    assert after.metadata.to_dict() == {"b": "2", "c": "3"}


def test_ids_are_replaced_by_objects(client) -> None:
    paid = charge(client, saved_card(client))

    deep = client.v1.payment_intents.retrieve(
        paid.id, {"expand": ["latest_charge.balance_transaction.source", "customer"]}
    )

    assert deep.latest_charge.balance_transaction.source.id == paid.latest_charge
    assert deep.customer.object == "customer"
    error = refused(client.v1.payment_intents.retrieve, paid.id, {"expand": ["colour"]})
    assert "cannot be expanded" in str(error)


def test_events_are_found_by_type_for_thirty_days(emulator: Running, client) -> None:
    charge(client, saved_card(client))

    exact = client.v1.events.list({"type": "charge.succeeded"}).data
    family = client.v1.events.list({"type": "payment_intent.*"}).data
    several = client.v1.events.list({"types": ["customer.created", "charge.succeeded"]}).data
    emulator.clock.advance(days=31)

    assert [row.type for row in exact] == ["charge.succeeded"]
    assert {row.type for row in family} == {"payment_intent.created", "payment_intent.succeeded"}
    assert len(several) == 2
    assert client.v1.events.list().data == []


def test_a_page_holds_one_to_a_hundred(client) -> None:
    assert refused(client.v1.customers.list, {"limit": 101}).param == "limit"
    assert refused(client.v1.customers.list, {"starting_after": "cus_none"}).http_status == 400


def test_what_is_not_there_is_404(client) -> None:
    error = refused(client.v1.charges.retrieve, "ch_none")

    assert (error.http_status, error.code) == (404, "resource_missing")
