"""What no constraint of one table can say: a paid payment is the sum of its paid parts.

Put in place after every ``migrate``, like the ledger's guards.
"""

from typing import Any

from django.db import connections

SUM = "payments: a paid payment is the sum of its paid parts"
_WRONG = """(SELECT COALESCE(SUM(paid), 0) FROM payments_paymentpart
             WHERE payment_id = NEW.id) <> NEW.amount"""

SQLITE = [
    f"""CREATE TRIGGER IF NOT EXISTS payments_paid_is_its_parts
    BEFORE UPDATE OF state ON payments_payment
    WHEN NEW.state = 'paid' AND OLD.state <> 'paid'
    BEGIN SELECT RAISE(ABORT, '{SUM}') WHERE {_WRONG}; END""",
]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION payments_refuse_wrong_sum() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
      IF {_WRONG} THEN
        RAISE EXCEPTION '{SUM}' USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$""",
    """CREATE OR REPLACE TRIGGER payments_paid_is_its_parts
    BEFORE UPDATE OF state ON payments_payment FOR EACH ROW
    WHEN (NEW.state = 'paid' AND OLD.state <> 'paid')
    EXECUTE FUNCTION payments_refuse_wrong_sum()""",
]
STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def install(using: str = "default", **_facts: Any) -> None:
    """Put the guard in place where the tables are; safe to repeat."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if not {"payments_payment", "payments_paymentpart"} <= tables:
        return
    with connection.cursor() as cursor:
        for statement in STATEMENTS[connection.vendor]:
            cursor.execute(statement)
