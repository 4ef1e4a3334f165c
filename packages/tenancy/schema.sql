-- The schema after every migration, written by "migrator dump". Do not edit: read it in reviews.
-- It runs on an empty database, and gives the same catalog as the migrations.

SET check_function_bodies = false;

CREATE EXTENSION IF NOT EXISTS vector;

CREATE TYPE public.document_source AS ENUM ('upload', 'url', 'connector');
CREATE TYPE public.document_status AS ENUM ('pending', 'processing', 'ready', 'failed');
CREATE TYPE public.message_role AS ENUM ('user', 'assistant', 'system');
CREATE TYPE public.tenant_plan AS ENUM ('free', 'team', 'enterprise');
CREATE TYPE public.user_role AS ENUM ('owner', 'admin', 'member');

CREATE TABLE public.conversations (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  user_id uuid NOT NULL,
  title text,
  message_count integer DEFAULT 0 NOT NULL,
  metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT conversations_pkey PRIMARY KEY (tenant_id, id)
);

CREATE TABLE public.document_chunks (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  document_id uuid NOT NULL,
  chunk_index integer NOT NULL,
  content text NOT NULL,
  token_count integer NOT NULL,
  embedding public.vector(1536) STORAGE PLAIN NOT NULL,
  embedding_model text NOT NULL,
  next_embedding public.vector(1536),
  next_embedding_model text,
  search_vector tsvector GENERATED ALWAYS AS ((setweight(to_tsvector('english'::regconfig, COALESCE((metadata ->> 'heading'::text), ''::text)), 'A'::"char") || setweight(to_tsvector('english'::regconfig, content), 'B'::"char"))) STORED,
  metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT document_chunks_next_embedding_with_model CHECK (((next_embedding IS NULL) = (next_embedding_model IS NULL))),
  CONSTRAINT document_chunks_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT document_chunks_tenant_id_document_id_chunk_index_key UNIQUE (tenant_id, document_id, chunk_index)
) PARTITION BY HASH (tenant_id);

CREATE TABLE public.documents (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  title text NOT NULL,
  source public.document_source NOT NULL,
  source_url text,
  mime_type text,
  content_hash text NOT NULL,
  status public.document_status DEFAULT 'pending'::public.document_status NOT NULL,
  error text,
  chunk_count integer DEFAULT 0 NOT NULL,
  metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT documents_error_of_failed CHECK (((status = 'failed'::public.document_status) = (error IS NOT NULL))),
  CONSTRAINT documents_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT documents_tenant_id_content_hash_key UNIQUE (tenant_id, content_hash)
);

CREATE TABLE public.messages (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  conversation_id uuid NOT NULL,
  "position" integer NOT NULL,
  role public.message_role NOT NULL,
  content text NOT NULL,
  citations jsonb DEFAULT '[]'::jsonb NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT messages_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT messages_tenant_id_conversation_id_position_key UNIQUE (tenant_id, conversation_id, "position")
);

CREATE TABLE public.tenants (
  id uuid NOT NULL,
  name text NOT NULL,
  slug text NOT NULL,
  plan public.tenant_plan DEFAULT 'free'::public.tenant_plan NOT NULL,
  is_active boolean DEFAULT true NOT NULL,
  embedding_model text,
  settings jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT tenants_id_of_slug CHECK ((id = (OVERLAY(OVERLAY("left"(encode(sha256(convert_to(slug, 'UTF8'::name)), 'hex'::text), 32) PLACING '8'::text FROM 13) PLACING '8'::text FROM 17))::uuid)),
  CONSTRAINT tenants_pkey PRIMARY KEY (id),
  CONSTRAINT tenants_slug_format CHECK ((slug ~ '^[a-z0-9](-?[a-z0-9]){0,62}$'::text))
);

CREATE TABLE public.users (
  tenant_id uuid NOT NULL,
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  email text NOT NULL,
  name text,
  role public.user_role DEFAULT 'member'::public.user_role NOT NULL,
  created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
  CONSTRAINT users_email_lower_case CHECK ((email = lower(email))),
  CONSTRAINT users_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT users_tenant_id_email_key UNIQUE (tenant_id, email)
);

CREATE TABLE public.document_chunks_p00 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 0) WITH (toast_tuple_target=8160);

CREATE TABLE public.document_chunks_p01 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 1) WITH (toast_tuple_target=8160);

CREATE TABLE public.document_chunks_p02 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 2) WITH (toast_tuple_target=8160);

CREATE TABLE public.document_chunks_p03 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 3) WITH (toast_tuple_target=8160);

CREATE TABLE public.document_chunks_p04 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 4) WITH (toast_tuple_target=8160);

CREATE TABLE public.document_chunks_p05 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 5) WITH (toast_tuple_target=8160);

CREATE TABLE public.document_chunks_p06 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 6) WITH (toast_tuple_target=8160);

CREATE TABLE public.document_chunks_p07 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 7) WITH (toast_tuple_target=8160);

CREATE TABLE public.document_chunks_p08 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 8) WITH (toast_tuple_target=8160);

CREATE TABLE public.document_chunks_p09 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 9) WITH (toast_tuple_target=8160);

CREATE TABLE public.document_chunks_p10 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 10) WITH (toast_tuple_target=8160);

CREATE TABLE public.document_chunks_p11 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 11) WITH (toast_tuple_target=8160);

CREATE TABLE public.document_chunks_p12 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 12) WITH (toast_tuple_target=8160);

CREATE TABLE public.document_chunks_p13 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 13) WITH (toast_tuple_target=8160);

CREATE TABLE public.document_chunks_p14 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 14) WITH (toast_tuple_target=8160);

CREATE TABLE public.document_chunks_p15 PARTITION OF public.document_chunks FOR VALUES WITH (modulus 16, remainder 15) WITH (toast_tuple_target=8160);

ALTER TABLE public.conversations ADD CONSTRAINT conversations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;
ALTER TABLE public.conversations ADD CONSTRAINT conversations_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES public.users(tenant_id, id) ON DELETE CASCADE;
ALTER TABLE public.document_chunks ADD CONSTRAINT document_chunks_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES public.documents(tenant_id, id) ON DELETE CASCADE;
ALTER TABLE public.document_chunks ADD CONSTRAINT document_chunks_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;
ALTER TABLE public.documents ADD CONSTRAINT documents_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;
ALTER TABLE public.messages ADD CONSTRAINT messages_conversation_id_fkey FOREIGN KEY (tenant_id, conversation_id) REFERENCES public.conversations(tenant_id, id) ON DELETE CASCADE;
ALTER TABLE public.messages ADD CONSTRAINT messages_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;
ALTER TABLE public.users ADD CONSTRAINT users_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;

CREATE INDEX conversations_tenant_id_user_id_updated_at_id_idx ON public.conversations USING btree (tenant_id, user_id, updated_at, id);
CREATE INDEX document_chunks_embedding_idx ON public.document_chunks USING hnsw (embedding public.vector_cosine_ops);
CREATE INDEX document_chunks_search_vector_idx ON public.document_chunks USING gin (search_vector);
CREATE INDEX documents_tenant_id_created_at_id_idx ON public.documents USING btree (tenant_id, created_at, id);
CREATE UNIQUE INDEX documents_tenant_id_source_url_key ON public.documents USING btree (tenant_id, source_url);
CREATE INDEX documents_unfinished_tenant_id_created_at_id_idx ON public.documents USING btree (tenant_id, created_at, id) WHERE (status <> 'ready'::public.document_status);
CREATE INDEX users_tenant_id_created_at_id_idx ON public.users USING btree (tenant_id, created_at, id);

ALTER TABLE public.conversations ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.conversations FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p00 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p00 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p01 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p01 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p02 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p02 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p03 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p03 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p04 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p04 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p05 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p05 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p06 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p06 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p07 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p07 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p08 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p08 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p09 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p09 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p10 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p10 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p11 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p11 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p12 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p12 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p13 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p13 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p14 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p14 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p15 ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.document_chunks_p15 FORCE ROW LEVEL SECURITY;
ALTER TABLE public.documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.documents FORCE ROW LEVEL SECURITY;
ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.messages FORCE ROW LEVEL SECURITY;
ALTER TABLE public.tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tenants FORCE ROW LEVEL SECURITY;
ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.users FORCE ROW LEVEL SECURITY;

CREATE POLICY conversations_tenant_isolation ON public.conversations AS PERMISSIVE FOR ALL TO tenancy_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE POLICY document_chunks_tenant_isolation ON public.document_chunks AS PERMISSIVE FOR ALL TO tenancy_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE POLICY documents_tenant_isolation ON public.documents AS PERMISSIVE FOR ALL TO tenancy_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE POLICY messages_tenant_isolation ON public.messages AS PERMISSIVE FOR ALL TO tenancy_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE POLICY tenants_tenant_isolation ON public.tenants AS PERMISSIVE FOR ALL TO tenancy_app USING ((id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));
CREATE POLICY users_tenant_isolation ON public.users AS PERMISSIVE FOR ALL TO tenancy_app USING ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid)) WITH CHECK ((tenant_id = (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid));

GRANT USAGE ON SCHEMA public TO tenancy_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE public.conversations TO tenancy_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE public.document_chunks TO tenancy_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE public.documents TO tenancy_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE public.messages TO tenancy_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE public.tenants TO tenancy_app;
GRANT DELETE, INSERT, SELECT, UPDATE ON TABLE public.users TO tenancy_app;
