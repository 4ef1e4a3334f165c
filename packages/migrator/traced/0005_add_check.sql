alter table pages add constraint pages_likes check (likes >= 0);
