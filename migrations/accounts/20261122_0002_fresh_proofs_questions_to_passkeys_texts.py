"""Fresh proofs, questions to passkeys, texts of documents, imports in chunks."""

import sqlalchemy as sa
from alembic import op

revision = "accounts_0002"
down_revision = "accounts_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts_passkey_challenge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["accounts_person.id"],
            name=op.f("fk_accounts_passkey_challenge_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_passkey_challenge")),
    )
    op.create_index(
        op.f("ix_accounts_passkey_challenge_expires_at"), "accounts_passkey_challenge", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_accounts_passkey_challenge_person_id"), "accounts_passkey_challenge", ["person_id"], unique=False
    )
    op.add_column("accounts_consent_document", sa.Column("text", sa.String(), server_default="", nullable=False))
    op.add_column("accounts_people_import", sa.Column("done_count", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "accounts_session",
        sa.Column("proved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("accounts_session", "proved_at")
    op.drop_column("accounts_people_import", "done_count")
    op.drop_column("accounts_consent_document", "text")
    op.drop_index(op.f("ix_accounts_passkey_challenge_person_id"), table_name="accounts_passkey_challenge")
    op.drop_index(op.f("ix_accounts_passkey_challenge_expires_at"), table_name="accounts_passkey_challenge")
    op.drop_table("accounts_passkey_challenge")
