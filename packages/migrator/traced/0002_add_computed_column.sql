alter table pages add column token uuid not null default gen_random_uuid();
