import { relations } from 'drizzle-orm';
import { connectors } from './connectors.ts';
import { keys } from './keys.ts';
import { dailyUsage, preferences, settings } from './settings.ts';
import { tags, taskTags } from './tags.ts';
import { tasks } from './tasks.ts';
import { taskLogs, taskMessages } from './transcripts.ts';
import { accounts, users } from './users.ts';

export const usersRelations = relations(users, ({ many }) => ({
  accounts: many(accounts),
  tasks: many(tasks),
  taskMessages: many(taskMessages),
  taskLogs: many(taskLogs),
  keys: many(keys),
  connectors: many(connectors),
  settings: many(settings),
  preferences: many(preferences),
  dailyUsage: many(dailyUsage),
  tags: many(tags),
  taskTags: many(taskTags),
}));

export const accountsRelations = relations(accounts, ({ one }) => ({
  user: one(users, { fields: [accounts.userId], references: [users.id] }),
}));

export const tasksRelations = relations(tasks, ({ one, many }) => ({
  user: one(users, { fields: [tasks.userId], references: [users.id] }),
  messages: many(taskMessages),
  logs: many(taskLogs),
  taskTags: many(taskTags),
}));

export const taskMessagesRelations = relations(taskMessages, ({ one }) => ({
  user: one(users, { fields: [taskMessages.userId], references: [users.id] }),
  task: one(tasks, {
    fields: [taskMessages.taskId, taskMessages.userId],
    references: [tasks.id, tasks.userId],
  }),
}));

export const taskLogsRelations = relations(taskLogs, ({ one }) => ({
  user: one(users, { fields: [taskLogs.userId], references: [users.id] }),
  task: one(tasks, {
    fields: [taskLogs.taskId, taskLogs.userId],
    references: [tasks.id, tasks.userId],
  }),
}));

export const tagsRelations = relations(tags, ({ one, many }) => ({
  user: one(users, { fields: [tags.userId], references: [users.id] }),
  taskTags: many(taskTags),
}));

export const taskTagsRelations = relations(taskTags, ({ one }) => ({
  user: one(users, { fields: [taskTags.userId], references: [users.id] }),
  task: one(tasks, {
    fields: [taskTags.taskId, taskTags.userId],
    references: [tasks.id, tasks.userId],
  }),
  tag: one(tags, {
    fields: [taskTags.tagId, taskTags.userId],
    references: [tags.id, tags.userId],
  }),
}));

export const keysRelations = relations(keys, ({ one }) => ({
  user: one(users, { fields: [keys.userId], references: [users.id] }),
}));

export const connectorsRelations = relations(connectors, ({ one }) => ({
  user: one(users, { fields: [connectors.userId], references: [users.id] }),
}));

export const settingsRelations = relations(settings, ({ one }) => ({
  user: one(users, { fields: [settings.userId], references: [users.id] }),
}));

export const preferencesRelations = relations(preferences, ({ one }) => ({
  user: one(users, { fields: [preferences.userId], references: [users.id] }),
}));

export const dailyUsageRelations = relations(dailyUsage, ({ one }) => ({
  user: one(users, { fields: [dailyUsage.userId], references: [users.id] }),
}));
