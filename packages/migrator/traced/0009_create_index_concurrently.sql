-- migrator: no-transaction
create index concurrently pages_note on pages (note);
