create table teams (id integer primary key, name text not null);
create table pages (
  id integer primary key,
  team_id integer not null,
  title text not null,
  body text not null,
  likes integer not null,
  note text
);
create index pages_team on pages (team_id);
