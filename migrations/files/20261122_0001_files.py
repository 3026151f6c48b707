"""Files."""

import sqlalchemy as sa
from alembic import op

revision = "files_0001"
down_revision = None
branch_labels = ("files",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "files_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("storage_key", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("visibility", sa.String(), nullable=False),
        sa.Column("permission", sa.String(), nullable=False),
        sa.Column("scan_state", sa.String(), nullable=False),
        sa.Column("scan_finding", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files_file")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_files_file_storage_key")),
    )
    op.create_index("ix_files_file_owner_id", "files_file", ["owner_id"], unique=False)
    op.create_index("ix_files_file_purpose_created_at", "files_file", ["purpose", "created_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_files_file_purpose_created_at", table_name="files_file")
    op.drop_index("ix_files_file_owner_id", table_name="files_file")
    op.drop_table("files_file")
