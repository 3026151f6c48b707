"""Outbox, audit log and settings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "core_0001"
down_revision = None
branch_labels = ("core",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "core_audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_label", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("target_type", sa.String(), nullable=False),
        sa.Column("target_id", sa.String(), nullable=False),
        sa.Column("target_label", sa.String(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_audit_entry")),
        sa.UniqueConstraint("number", name=op.f("uq_core_audit_entry_number")),
    )
    op.create_index("ix_core_audit_entry_actor_id", "core_audit_entry", ["actor_id"], unique=False)
    op.create_index("ix_core_audit_entry_target", "core_audit_entry", ["target_type", "target_id"], unique=False)
    op.create_table(
        "core_audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_audit_head")),
    )
    op.create_table(
        "core_job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("module", sa.String(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unique_key", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_job")),
        sa.UniqueConstraint("unique_key", name=op.f("uq_core_job_unique_key")),
    )
    op.create_index("ix_core_job_created_at", "core_job", ["created_at"], unique=False)
    op.create_index(
        "ix_core_job_due", "core_job", ["run_at"], unique=False, postgresql_where=sa.text("state = 'pending'")
    )
    op.create_table(
        "core_setting",
        sa.Column("module", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", postgresql.JSONB(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("module", "key", name=op.f("pk_core_setting")),
    )
    op.create_table(
        "core_job_progress",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["core_job.id"], name=op.f("fk_core_job_progress_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_core_job_progress")),
    )
    # The chain's first link, and the refusal to change a row that is in it.
    op.execute(f"INSERT INTO core_audit_head (id, number, hash) VALUES (1, 0, '{'0' * 64}')")
    for name, event, level in (("append_only", "UPDATE OR DELETE", "ROW"), ("no_truncate", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER core_audit_entry_{name} BEFORE {event} ON core_audit_entry "
            f"FOR EACH {level} EXECUTE FUNCTION extensions.guildhall_append_only()"
        )


def downgrade() -> None:
    op.drop_table("core_job_progress")
    op.drop_table("core_setting")
    op.drop_index("ix_core_job_due", table_name="core_job", postgresql_where=sa.text("state = 'pending'"))
    op.drop_index("ix_core_job_created_at", table_name="core_job")
    op.drop_table("core_job")
    op.drop_table("core_audit_head")
    op.drop_index("ix_core_audit_entry_target", table_name="core_audit_entry")
    op.drop_index("ix_core_audit_entry_actor_id", table_name="core_audit_entry")
    op.drop_table("core_audit_entry")
