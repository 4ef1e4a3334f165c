import { instant } from '@reference/kit';
import { boolean, date, index, integer, jsonb, pgTable, text, varchar } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { short, url, vendorColumns, vendorConstraints } from './columns.ts';

export type GoogleAttendeeData = {
  email: string;
  displayName?: string;
  responseStatus?: string;
  [field: string]: unknown;
};
export type GoogleRemindersData = {
  useDefault: boolean;
  overrides?: Array<{ method: string; minutes: number }>;
};
export type GoogleConferenceData = { conferenceId?: string; [field: string]: unknown };

/** A row is a calendar in one connection's list. */
export const googleCalendarCalendars = pgTable(
  'google_calendar_calendars',
  {
    id: short('id').notNull(),
    summary: varchar('summary', { length: 1024 }).notNull(),
    description: text('description'),
    location: varchar('location', { length: 1024 }),
    timeZone: varchar('time_zone', { length: 64 }),
    accessRole: varchar('access_role', { length: 32 }).notNull(),
    backgroundColor: varchar('background_color', { length: 16 }),
    isPrimary: boolean('is_primary').notNull().default(false),
    isSelected: boolean('is_selected').notNull().default(false),
    isHidden: boolean('is_hidden').notNull().default(false),
    ...vendorColumns,
  },
  (t) => vendorConstraints('google_calendar_calendars', t),
);

/** A row is an event, or one instance of a recurring one, as one connection sees it. */
export const googleCalendarEvents = pgTable(
  'google_calendar_events',
  {
    id: short('id').notNull(),
    calendarId: short('calendar_id').notNull(),
    title: varchar('title', { length: 1024 }),
    description: text('description'),
    // An all-day event has dates and no zone; its instants are midnight in the calendar's zone.
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    startDate: date('start_date', { mode: 'string' }),
    endDate: date('end_date', { mode: 'string' }),
    isAllDay: boolean('is_all_day').notNull().default(false),
    timeZone: varchar('time_zone', { length: 64 }),
    location: varchar('location', { length: 1024 }),
    status: varchar('status', { length: 16 }).notNull(),
    visibility: varchar('visibility', { length: 16 }),
    transparency: varchar('transparency', { length: 16 }),
    icalUid: varchar('ical_uid', { length: 1024 }),
    sequence: integer('sequence').notNull().default(0),
    recurringEventId: short('recurring_event_id'),
    eventType: varchar('event_type', { length: 32 }),
    htmlLink: url('html_link'),
    canGuestsModify: boolean('can_guests_modify').notNull().default(false),
    canGuestsInviteOthers: boolean('can_guests_invite_others').notNull().default(true),
    canGuestsSeeOtherGuests: boolean('can_guests_see_other_guests').notNull().default(true),
    attendees: jsonb('attendees').$type<GoogleAttendeeData[]>(),
    recurrence: text('recurrence').array(),
    reminders: jsonb('reminders').$type<GoogleRemindersData>(),
    conferenceData: jsonb('conference_data').$type<GoogleConferenceData>(),
    eventCreatedAt: instant('event_created_at'),
    eventUpdatedAt: instant('event_updated_at').notNull(),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('google_calendar_events', t),
    // Serves getGoogleCalendarEvents of one calendar.
    index('google_calendar_events_calendar_idx').on(
      t.connectorConfigId,
      t.calendarId,
      t.updatedAt,
      t.id,
    ),
    // Serves the instances of a recurring event.
    index('google_calendar_events_recurring_idx').on(t.connectorConfigId, t.recurringEventId),
    // Serves getUpcomingGoogleCalendarEvents.
    index('google_calendar_events_upcoming_idx').on(t.connectorConfigId, t.startsAt, t.id),
    // Serves the activity feed.
    index('google_calendar_events_activity_idx').on(t.connectorConfigId, t.eventUpdatedAt, t.id),
  ],
);

export const googleCalendarCalendarInsertSchema = createInsertSchema(googleCalendarCalendars);
export const googleCalendarCalendarSelectSchema = createSelectSchema(googleCalendarCalendars);
export const googleCalendarCalendarUpdateSchema = createUpdateSchema(googleCalendarCalendars);
export const googleCalendarEventInsertSchema = createInsertSchema(googleCalendarEvents);
export const googleCalendarEventSelectSchema = createSelectSchema(googleCalendarEvents);
export const googleCalendarEventUpdateSchema = createUpdateSchema(googleCalendarEvents);

export type GoogleCalendarCalendarDataTarget = typeof googleCalendarCalendars.$inferInsert;
export type GoogleCalendarCalendarDataSelect = typeof googleCalendarCalendars.$inferSelect;
export type GoogleCalendarEventDataTarget = typeof googleCalendarEvents.$inferInsert;
export type GoogleCalendarEventDataSelect = typeof googleCalendarEvents.$inferSelect;
