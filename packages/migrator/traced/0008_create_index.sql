create index pages_title on pages (title);
