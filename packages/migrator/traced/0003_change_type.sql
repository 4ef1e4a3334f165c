alter table pages alter column likes type bigint;
