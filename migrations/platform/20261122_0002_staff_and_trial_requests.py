"""Staff and trial requests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "platform_0002"
down_revision = 'platform_0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('fleet_run',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('heads', postgresql.JSONB(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('skipped', sa.Integer(), nullable=False),
    sa.Column('failures', postgresql.JSONB(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fleet_run')),
    schema='platform'
    )
    op.create_table('spare_schema',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('schema', sa.String(), nullable=False),
    sa.Column('revisions', postgresql.JSONB(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spare_schema')),
    sa.UniqueConstraint('schema', name=op.f('uq_spare_schema_schema')),
    schema='platform'
    )
    op.create_table('staff',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=True),
    sa.Column('totp_secret', sa.String(), nullable=False),
    sa.Column('totp_step', sa.Integer(), nullable=False),
    sa.Column('setup_token_hash', sa.String(), nullable=True),
    sa.Column('setup_expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('locked', sa.Boolean(), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('email', name=op.f('uq_staff_email')),
    sa.UniqueConstraint('setup_token_hash', name=op.f('uq_staff_setup_token_hash')),
    schema='platform'
    )
    op.create_table('tenant',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('slug_skeleton', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('cluster', sa.String(), nullable=False),
    sa.Column('schema', sa.String(), nullable=False),
    sa.Column('revisions', postgresql.JSONB(), nullable=False),
    sa.Column('modules', postgresql.JSONB(), nullable=False),
    sa.Column('plan', sa.String(), nullable=False),
    sa.Column('template', sa.String(), nullable=False),
    sa.Column('profile', postgresql.JSONB(), nullable=False),
    sa.Column('trial_ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('notice', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.CheckConstraint("status IN ('trial', 'active', 'past_due', 'suspended', 'closed', 'purged')", name=op.f('ck_tenant_status')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tenant')),
    sa.UniqueConstraint('schema', name=op.f('uq_tenant_schema')),
    sa.UniqueConstraint('slug', name=op.f('uq_tenant_slug')),
    sa.UniqueConstraint('slug_skeleton', name=op.f('uq_tenant_slug_skeleton')),
    schema='platform'
    )
    op.create_table('trial_request',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('wishes', postgresql.JSONB(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tenant_id', sa.Uuid(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trial_request')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_trial_request_token_hash')),
    schema='platform'
    )
    op.create_table('staff_session',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('user_agent', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['platform.staff.id'], name=op.f('fk_staff_session_staff_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_staff_session_token_hash')),
    schema='platform'
    )
    op.create_index(op.f('ix_staff_session_staff_id'), 'staff_session', ['staff_id'], unique=False, schema='platform')
    op.create_table('support_access',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=False),
    sa.Column('staff_label', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['platform.tenant.id'], name=op.f('fk_support_access_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_access')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_support_access_token_hash')),
    schema='platform'
    )
    op.create_index('ix_support_access_open', 'support_access', ['tenant_id'], unique=False, schema='platform', postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('tenant_event',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('actor_label', sa.String(), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('details', postgresql.JSONB(), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['platform.tenant.id'], name=op.f('fk_tenant_event_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tenant_event')),
    schema='platform'
    )
    op.create_index(op.f('ix_tenant_event_tenant_id'), 'tenant_event', ['tenant_id'], unique=False, schema='platform')
    op.create_table('tenant_host',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('tenant_id', sa.Uuid(), nullable=False),
    sa.Column('host', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('token', sa.String(), nullable=False),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_primary', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['platform.tenant.id'], name=op.f('fk_tenant_host_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tenant_host')),
    sa.UniqueConstraint('host', name=op.f('uq_tenant_host_host')),
    schema='platform'
    )
    op.create_index(op.f('ix_tenant_host_tenant_id'), 'tenant_host', ['tenant_id'], unique=False, schema='platform')
    op.drop_index(op.f('ix_tenant_event_tenant_id'), table_name='tenant_event')
    op.drop_table('tenant_event')
    op.drop_table('spare_schema')
    op.drop_table('tenant')
    op.drop_index(op.f('ix_support_access_open'), table_name='support_access', postgresql_where='(ended_at IS NULL)')
    op.drop_table('support_access')
    op.drop_table('fleet_run')
    op.drop_index(op.f('ix_tenant_host_tenant_id'), table_name='tenant_host')
    op.drop_table('tenant_host')


def downgrade() -> None:
    op.create_table('tenant_host',
    sa.Column('id', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('tenant_id', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('host', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('token', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('verified_at', postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=True),
    sa.Column('is_primary', sa.BOOLEAN(), autoincrement=False, nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_tenant_host_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tenant_host')),
    sa.UniqueConstraint('host', name=op.f('uq_tenant_host_host'), postgresql_include=[], postgresql_nulls_not_distinct=False)
    )
    op.create_index(op.f('ix_tenant_host_tenant_id'), 'tenant_host', ['tenant_id'], unique=False)
    op.create_table('fleet_run',
    sa.Column('id', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('started_at', postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
    sa.Column('finished_at', postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=True),
    sa.Column('heads', postgresql.JSONB(), autoincrement=False, nullable=False),
    sa.Column('done', sa.INTEGER(), autoincrement=False, nullable=False),
    sa.Column('skipped', sa.INTEGER(), autoincrement=False, nullable=False),
    sa.Column('failures', postgresql.JSONB(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fleet_run'))
    )
    op.create_table('support_access',
    sa.Column('id', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('tenant_id', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('staff_id', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('staff_label', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('reason', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('token_hash', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('started_at', postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
    sa.Column('expires_at', postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
    sa.Column('ended_at', postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=True),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_support_access_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_access')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_support_access_token_hash'), postgresql_include=[], postgresql_nulls_not_distinct=False)
    )
    op.create_index(op.f('ix_support_access_open'), 'support_access', ['tenant_id'], unique=False, postgresql_where='(ended_at IS NULL)')
    op.create_table('tenant',
    sa.Column('id', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('slug', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('slug_skeleton', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('status', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('cluster', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('schema', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('revisions', postgresql.JSONB(), autoincrement=False, nullable=False),
    sa.Column('modules', postgresql.JSONB(), autoincrement=False, nullable=False),
    sa.Column('plan', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('template', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('profile', postgresql.JSONB(), autoincrement=False, nullable=False),
    sa.Column('trial_ends_at', postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=True),
    sa.Column('notice', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), autoincrement=False, nullable=False),
    sa.Column('updated_at', postgresql.TIMESTAMP(timezone=True), server_default=sa.text('now()'), autoincrement=False, nullable=False),
    sa.CheckConstraint("status::text = ANY (ARRAY['trial'::character varying, 'active'::character varying, 'past_due'::character varying, 'suspended'::character varying, 'closed'::character varying, 'purged'::character varying]::text[])", name=op.f('ck_tenant_status')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tenant')),
    sa.UniqueConstraint('schema', name=op.f('uq_tenant_schema'), postgresql_include=[], postgresql_nulls_not_distinct=False),
    sa.UniqueConstraint('slug', name=op.f('uq_tenant_slug'), postgresql_include=[], postgresql_nulls_not_distinct=False),
    sa.UniqueConstraint('slug_skeleton', name=op.f('uq_tenant_slug_skeleton'), postgresql_include=[], postgresql_nulls_not_distinct=False)
    )
    op.create_table('spare_schema',
    sa.Column('id', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('schema', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('revisions', postgresql.JSONB(), autoincrement=False, nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spare_schema')),
    sa.UniqueConstraint('schema', name=op.f('uq_spare_schema_schema'), postgresql_include=[], postgresql_nulls_not_distinct=False)
    )
    op.create_table('tenant_event',
    sa.Column('id', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('tenant_id', sa.UUID(), autoincrement=False, nullable=False),
    sa.Column('at', postgresql.TIMESTAMP(timezone=True), autoincrement=False, nullable=False),
    sa.Column('kind', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('actor_label', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('actor_id', sa.UUID(), autoincrement=False, nullable=True),
    sa.Column('reason', sa.VARCHAR(), autoincrement=False, nullable=False),
    sa.Column('details', postgresql.JSONB(), autoincrement=False, nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_tenant_event_tenant_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tenant_event'))
    )
    op.create_index(op.f('ix_tenant_event_tenant_id'), 'tenant_event', ['tenant_id'], unique=False)
    op.drop_index(op.f('ix_tenant_host_tenant_id'), table_name='tenant_host', schema='platform')
    op.drop_table('tenant_host', schema='platform')
    op.drop_index(op.f('ix_tenant_event_tenant_id'), table_name='tenant_event', schema='platform')
    op.drop_table('tenant_event', schema='platform')
    op.drop_index('ix_support_access_open', table_name='support_access', schema='platform', postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_table('support_access', schema='platform')
    op.drop_index(op.f('ix_staff_session_staff_id'), table_name='staff_session', schema='platform')
    op.drop_table('staff_session', schema='platform')
    op.drop_table('trial_request', schema='platform')
    op.drop_table('tenant', schema='platform')
    op.drop_table('staff', schema='platform')
    op.drop_table('spare_schema', schema='platform')
    op.drop_table('fleet_run', schema='platform')
