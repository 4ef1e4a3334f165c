alter table pages drop column body;
