CREATE TABLE "dead_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"position" bigint NOT NULL,
	"key" text NOT NULL,
	"topic" text NOT NULL,
	"payload" jsonb NOT NULL,
	"attempts" integer NOT NULL,
	"lastError" text,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL
);--> statement-breakpoint
CREATE TABLE "inbox_messages" (
	"source" text NOT NULL,
	"messageId" text NOT NULL,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "inbox_messages_pkey" PRIMARY KEY("source","messageId")
);--> statement-breakpoint
CREATE TABLE "outbox_events" (
	"day" smallint DEFAULT ((floor(extract(epoch from now()) / 86400))::bigint % 8)::smallint NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "outbox_events_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"key" text NOT NULL,
	"topic" text NOT NULL,
	"payload" jsonb NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"dueAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"deliveredAt" timestamp (3) with time zone,
	"lastError" text,
	"createdAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updatedAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "outbox_events_pkey" PRIMARY KEY("day","position"),
	CONSTRAINT "outbox_events_day_check" CHECK ("outbox_events"."day" between 0 and 7),
	CONSTRAINT "outbox_events_attempts_check" CHECK ("outbox_events"."attempts" >= 0)
) PARTITION BY LIST ("day");--> statement-breakpoint
CREATE TABLE "outbox_events_day_0" PARTITION OF "outbox_events" FOR VALUES IN (0);--> statement-breakpoint
CREATE TABLE "outbox_events_day_1" PARTITION OF "outbox_events" FOR VALUES IN (1);--> statement-breakpoint
CREATE TABLE "outbox_events_day_2" PARTITION OF "outbox_events" FOR VALUES IN (2);--> statement-breakpoint
CREATE TABLE "outbox_events_day_3" PARTITION OF "outbox_events" FOR VALUES IN (3);--> statement-breakpoint
CREATE TABLE "outbox_events_day_4" PARTITION OF "outbox_events" FOR VALUES IN (4);--> statement-breakpoint
CREATE TABLE "outbox_events_day_5" PARTITION OF "outbox_events" FOR VALUES IN (5);--> statement-breakpoint
CREATE TABLE "outbox_events_day_6" PARTITION OF "outbox_events" FOR VALUES IN (6);--> statement-breakpoint
CREATE TABLE "outbox_events_day_7" PARTITION OF "outbox_events" FOR VALUES IN (7);--> statement-breakpoint
CREATE INDEX "dead_events_createdAt_idx" ON "dead_events" USING btree ("createdAt","id");--> statement-breakpoint
CREATE INDEX "inbox_messages_createdAt_idx" ON "inbox_messages" USING btree ("createdAt");--> statement-breakpoint
CREATE INDEX "outbox_events_key_position_idx" ON "outbox_events" USING btree ("key","position") WHERE "outbox_events"."deliveredAt" is null;--> statement-breakpoint
CREATE INDEX "outbox_events_dueAt_idx" ON "outbox_events" USING btree ("dueAt","position") WHERE "outbox_events"."deliveredAt" is null;
