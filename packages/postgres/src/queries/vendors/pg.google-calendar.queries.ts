import { keyset, listPage } from '@reference/kit';
import { and, eq, gte, ne } from 'drizzle-orm';
import {
  type GoogleCalendarEventDataSelect,
  googleCalendarCalendars,
  googleCalendarEvents,
} from '../../schemas/connector.google-calendar.schema.ts';
import type { PostgresDatabase } from '../database.ts';
import { defineEntity } from '../entity/define-entity.ts';
import type { Page, PageParams } from '../page.ts';

const calendars = defineEntity(googleCalendarCalendars, {
  key: 'id',
});
export const upsertGoogleCalendarCalendars = calendars.upsert;
export const getGoogleCalendarCalendars = calendars.get;
export const getGoogleCalendarCalendar = calendars.getOne;

const events = defineEntity(googleCalendarEvents, {
  key: 'id',
  version: 'eventUpdatedAt',
  heavy: ['conferenceData'],
  filters: ['calendarId'],
});
export const upsertGoogleCalendarEvents = events.upsert;
export const getGoogleCalendarEvents = events.get;
export const getGoogleCalendarEvent = events.getOne;

/** An event in the list of coming ones. */
export type UpcomingGoogleCalendarEvent = Pick<
  GoogleCalendarEventDataSelect,
  'id' | 'calendarId' | 'title' | 'startsAt' | 'endsAt' | 'isAllDay' | 'location' | 'htmlLink'
>;

const soonestFirst = keyset([
  { column: googleCalendarEvents.startsAt },
  { column: googleCalendarEvents.id },
]);

/**
 * Events that start at a time or later, the soonest first; cancelled ones are left out.
 * @param params.from give the same time for every page of a list
 */
export async function getUpcomingGoogleCalendarEvents(
  db: PostgresDatabase,
  params: PageParams & { readonly connectorConfigId: string; readonly from: Date },
): Promise<Page<UpcomingGoogleCalendarEvent>> {
  const { items, nextCursor } = await listPage(
    soonestFirst,
    { after: params.cursor, limit: params.limit },
    (seek) =>
      db
        .select({
          id: googleCalendarEvents.id,
          calendarId: googleCalendarEvents.calendarId,
          title: googleCalendarEvents.title,
          startsAt: googleCalendarEvents.startsAt,
          endsAt: googleCalendarEvents.endsAt,
          isAllDay: googleCalendarEvents.isAllDay,
          location: googleCalendarEvents.location,
          htmlLink: googleCalendarEvents.htmlLink,
          ...seek.select,
        })
        .from(googleCalendarEvents)
        .where(
          and(
            eq(googleCalendarEvents.connectorConfigId, params.connectorConfigId),
            gte(googleCalendarEvents.startsAt, params.from),
            ne(googleCalendarEvents.status, 'cancelled'),
            seek.where,
          ),
        )
        .orderBy(...seek.orderBy)
        .limit(seek.limit),
  );
  return { items, nextCursor };
}
