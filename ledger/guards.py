"""What the database itself refuses, and the balances it keeps.

Put in place after every ``migrate`` (and after tables were made any other way), because triggers
are no part of a model. PostgreSQL works once a statement: row by row, a busy account would be
written once for each of thousands of transfers (quadratic in one transaction).
"""

from typing import Any

from django.db import connections

APPEND_ONLY = "ledger: transfers are never changed or taken back"
CURRENCY = "ledger: both accounts and the transfer have one currency"
FIXED = "ledger: an account keeps its kind, currency and sign rule"

SQLITE = [
    f"""CREATE TRIGGER IF NOT EXISTS ledger_transfer_kept BEFORE UPDATE ON ledger_transfer
    BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END""",
    f"""CREATE TRIGGER IF NOT EXISTS ledger_transfer_stays BEFORE DELETE ON ledger_transfer
    BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END""",
    f"""CREATE TRIGGER IF NOT EXISTS ledger_account_fixed
    BEFORE UPDATE OF code, kind, currency, allow_negative ON ledger_account
    BEGIN SELECT RAISE(ABORT, '{FIXED}'); END""",
    f"""CREATE TRIGGER IF NOT EXISTS ledger_transfer_made AFTER INSERT ON ledger_transfer
    BEGIN
      SELECT RAISE(ABORT, '{CURRENCY}')
      WHERE (SELECT currency FROM ledger_account WHERE id = NEW.debit_id)
         <> (SELECT currency FROM ledger_account WHERE id = NEW.credit_id);
      UPDATE ledger_account SET balance = balance - NEW.amount
      WHERE id = NEW.debit_id AND balance IS NOT NULL;
      UPDATE ledger_account SET balance = balance + NEW.amount
      WHERE id = NEW.credit_id AND balance IS NOT NULL;
    END""",  # noqa: S608  # a sentence of ours
]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$""",
    """CREATE OR REPLACE TRIGGER ledger_transfer_kept BEFORE UPDATE OR DELETE ON ledger_transfer
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()""",
    f"""CREATE OR REPLACE FUNCTION ledger_refuse_recast() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{FIXED}'; END $$""",
    """CREATE OR REPLACE TRIGGER ledger_account_fixed
    BEFORE UPDATE OF code, kind, currency, allow_negative ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse_recast()""",
    f"""CREATE OR REPLACE FUNCTION ledger_keep_balances() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM 1 FROM ledger_account WHERE balance IS NOT NULL AND id IN
        (SELECT debit_id FROM fresh UNION SELECT credit_id FROM fresh) ORDER BY id FOR UPDATE;
      IF EXISTS (SELECT 1 FROM fresh
                 JOIN ledger_account d ON d.id = fresh.debit_id
                 JOIN ledger_account c ON c.id = fresh.credit_id
                 WHERE d.currency <> c.currency) THEN
        RAISE EXCEPTION '{CURRENCY}';
      END IF;
      UPDATE ledger_account SET balance = balance + moved.net
      FROM (SELECT id, sum(net) AS net FROM
              (SELECT debit_id AS id, -amount AS net FROM fresh
               UNION ALL SELECT credit_id, amount FROM fresh) legs
            GROUP BY id) moved
      WHERE ledger_account.id = moved.id AND balance IS NOT NULL;
      RETURN NULL;
    END $$""",  # noqa: S608  # a sentence of ours
    """CREATE OR REPLACE TRIGGER ledger_transfer_made AFTER INSERT ON ledger_transfer
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep_balances()""",
]
STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def install(using: str = "default", **_facts: Any) -> None:
    """Put the guards in place where the ledger's tables are; safe to repeat."""
    connection = connections[using]
    if "ledger_transfer" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in STATEMENTS[connection.vendor]:
            cursor.execute(statement)


def names(using: str = "default") -> set[str]:
    """The guards that stand, for the check that none was taken away."""
    connection = connections[using]
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {row[0] for row in cursor.fetchall() if row[0].startswith("ledger_")}
