"""API tokens."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "integrations_0001"
down_revision = None
branch_labels = ("integrations",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "integrations_api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("scopes", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts_person.id"], name=op.f("fk_integrations_api_token_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrations_api_token")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_integrations_api_token_fingerprint")),
    )
    op.create_index(op.f("ix_integrations_api_token_person_id"), "integrations_api_token", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_integrations_api_token_person_id"), table_name="integrations_api_token")
    op.drop_table("integrations_api_token")
