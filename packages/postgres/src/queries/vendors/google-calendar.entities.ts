import {
  googleCalendarCalendars,
  googleCalendarEvents,
} from '../../schemas/connector.google-calendar.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

export const googleCalendarCalendarEntity = defineEntity(googleCalendarCalendars, {
  key: 'id',
});

export const googleCalendarEventEntity = defineEntity(googleCalendarEvents, {
  key: 'id',
  version: 'eventUpdatedAt',
  heavy: ['conferenceData'],
  filters: ['calendarId'],
});
