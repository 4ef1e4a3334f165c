alter table pages add column pinned boolean not null default false;
