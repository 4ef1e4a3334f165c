import { keyset, listPage } from '@reference/kit';
import { and, gte, ne } from 'drizzle-orm';
import {
  type GoogleCalendarEventDataSelect,
  googleCalendarEvents,
} from '../../schemas/connector.google-calendar.schema.ts';
import type { PostgresDatabase } from '../database.ts';
import { inOwnConnection, type OwnConnection } from '../own-connection.ts';
import type { Page, PageParams } from '../page.ts';
import {
  googleCalendarCalendarEntity,
  googleCalendarEventEntity,
} from './google-calendar.entities.ts';

export const getGoogleCalendarCalendars = googleCalendarCalendarEntity.get;
export const getGoogleCalendarCalendar = googleCalendarCalendarEntity.getOne;

export const getGoogleCalendarEvents = googleCalendarEventEntity.get;
export const getGoogleCalendarEvent = googleCalendarEventEntity.getOne;

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
 * Lists events that start at a time or later, the soonest first, without cancelled ones.
 * @param params.from give the same time for every page of a list
 */
export async function getUpcomingGoogleCalendarEvents(
  db: PostgresDatabase,
  params: PageParams & OwnConnection & { readonly from: Date },
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
            inOwnConnection(googleCalendarEvents.connectorConfigId, params),
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
