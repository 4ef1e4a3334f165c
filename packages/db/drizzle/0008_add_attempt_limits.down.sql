DROP TABLE "attempt_limits" CASCADE;
