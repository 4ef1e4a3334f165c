-- The role stays: it belongs to the server, and other databases may grant to it. Its rights here go.
REVOKE ALL ON ALL TABLES IN SCHEMA "public" FROM "tenancy_app";
