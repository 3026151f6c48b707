"""Messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "messaging_0001"
down_revision = None
branch_labels = ("messaging",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "messaging_blocked_address",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_messaging_blocked_address")),
    )
    op.create_table(
        "messaging_own_words",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messaging_own_words")),
        sa.UniqueConstraint("kind", "locale", name=op.f("uq_messaging_own_words_kind_locale")),
    )
    op.create_table(
        "messaging_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("words", postgresql.JSONB(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "channel IN ('in_app', 'email', 'sms', 'wechat')", name=op.f("ck_messaging_message_channel")
        ),
        sa.CheckConstraint("status IN ('queued', 'sent', 'failed', 'held')", name=op.f("ck_messaging_message_status")),
        sa.ForeignKeyConstraint(["person_id"], ["accounts_person.id"], name=op.f("fk_messaging_message_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messaging_message")),
    )
    op.create_index("ix_messaging_message_created_at", "messaging_message", ["created_at"], unique=False)
    op.create_index("ix_messaging_message_person_id", "messaging_message", ["person_id", "created_at"], unique=False)
    op.create_index(
        "ix_messaging_message_unread",
        "messaging_message",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("channel = 'in_app' AND status = 'sent' AND read_at IS NULL"),
    )
    op.create_table(
        "messaging_preference",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_messaging_preference_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", "channel", name=op.f("pk_messaging_preference")),
    )


def downgrade() -> None:
    op.drop_table("messaging_preference")
    op.drop_index(
        "ix_messaging_message_unread",
        table_name="messaging_message",
        postgresql_where=sa.text("channel = 'in_app' AND status = 'sent' AND read_at IS NULL"),
    )
    op.drop_index("ix_messaging_message_person_id", table_name="messaging_message")
    op.drop_index("ix_messaging_message_created_at", table_name="messaging_message")
    op.drop_table("messaging_message")
    op.drop_table("messaging_own_words")
    op.drop_table("messaging_blocked_address")
