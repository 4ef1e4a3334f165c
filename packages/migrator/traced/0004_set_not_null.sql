alter table pages alter column note set not null;
