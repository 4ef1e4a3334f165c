alter table pages add constraint pages_team_fk foreign key (team_id) references teams (id);
