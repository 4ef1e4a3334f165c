-- Runs once, when the volume is new: one database per schema package. Text is compared by code point
-- (docs/adr/0015-text-by-code-point.md), for which PostgreSQL 17 brings the locale.
create database pagespace template template0 locale_provider builtin builtin_locale 'C.UTF-8';
create database ait template template0 locale_provider builtin builtin_locale 'C.UTF-8';
create database tasks template template0 locale_provider builtin builtin_locale 'C.UTF-8';
create database tenancy template template0 locale_provider builtin builtin_locale 'C.UTF-8';
