-- Runs once, when the volume is new: one database per schema package.
create database pagespace;
create database ait;
create database tasks;
create database tenancy;
