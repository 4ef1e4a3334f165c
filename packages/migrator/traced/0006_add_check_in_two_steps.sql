-- migrator: no-transaction
alter table pages add constraint pages_id check (id > 0) not valid;
alter table pages validate constraint pages_id;
