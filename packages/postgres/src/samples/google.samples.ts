import type { EntityInput } from '../queries/entity/define-entity.ts';
import type {
  googleCalendarCalendars,
  googleCalendarEvents,
  googleContacts,
  googleGmailMessages,
  googlePhotos,
  youtubeSubscriptions,
} from '../schemas/index.ts';
import { at, hourAfter, person, phrase, topic } from './made-up.ts';

export function calendarSample(index: number): EntityInput<typeof googleCalendarCalendars> {
  const isPrimary = index % 3 === 0;
  return {
    id: `calendar-${index % 3}`,
    summary: isPrimary ? 'Work' : topic(index % 3),
    timeZone: 'Europe/Berlin',
    accessRole: 'owner',
    isPrimary,
    isSelected: true,
  };
}

export function eventSample(index: number): EntityInput<typeof googleCalendarEvents> {
  return {
    id: `event-${index}`,
    calendarId: `calendar-${index % 3}`,
    title: `${topic(index)} with ${person(index)}`,
    startsAt: at(index),
    endsAt: hourAfter(index),
    timeZone: 'Europe/Berlin',
    status: index % 10 === 9 ? 'cancelled' : 'confirmed',
    eventType: 'default',
    icalUid: `event-${index}@example.com`,
    htmlLink: `https://calendar.google.com/event?eid=event-${index}`,
    attendees: [{ email: `${person(index)}@example.com`, responseStatus: 'accepted' }],
    recurrence: index % 7 === 0 ? ['RRULE:FREQ=WEEKLY;COUNT=4'] : [],
    reminders: { useDefault: true },
    eventCreatedAt: at(index),
    eventUpdatedAt: at(index),
  };
}

export function contactSample(index: number): EntityInput<typeof googleContacts> {
  return {
    id: `people/${index}`,
    displayName: `${person(index)} ${index}`,
    givenName: person(index),
    email: `${person(index)}.${index}@example.com`,
    phone: `+49 30 ${String(index).padStart(6, '0')}`,
    organization: 'Acme',
    jobTitle: 'Engineer',
    contactUpdatedAt: at(index),
  };
}

/** Threads of two mails; every third is not answered. */
export function mailSample(index: number): EntityInput<typeof googleGmailMessages> {
  const thread = index >> 1;
  const isAnswer = index % 2 === 1 && thread % 3 !== 0;
  return {
    id: `mail-${index}`,
    threadId: `thread-${thread}`,
    historyId: String(1000 + index),
    snippet: phrase(index),
    internalDate: at(index),
    labelIds: isAnswer ? ['SENT'] : ['INBOX', 'UNREAD'],
    subject: `${isAnswer ? 'Re: ' : ''}${topic(thread)}`,
    from: isAnswer ? 'me@example.com' : `${person(index)}@example.com`,
    to: isAnswer ? `${person(index)}@example.com` : 'me@example.com',
    payload: { mimeType: 'text/plain', headers: [{ name: 'Subject', value: topic(thread) }] },
  };
}

export function photoSample(index: number): EntityInput<typeof googlePhotos> {
  return {
    id: `photo-${index}`,
    productUrl: `https://photos.google.com/lr/photo/photo-${index}`,
    mimeType: 'image/jpeg',
    filename: `IMG_${String(index).padStart(5, '0')}.jpg`,
    creationTime: at(index),
    width: 4032,
    height: 3024,
    mediaMetadata: { photo: { cameraMake: 'Acme', focalLength: 5.7 } },
  };
}

export function subscriptionSample(index: number): EntityInput<typeof youtubeSubscriptions> {
  return {
    id: `subscription-${index}`,
    title: `${topic(index)} weekly`,
    channelId: 'channel-me',
    resourceChannelId: `channel-${index}`,
    publishedAt: at(index),
    thumbnailUrl: `https://i.ytimg.com/vi/${index}/default.jpg`,
    totalItemCount: index * 4,
    newItemCount: index % 4,
  };
}
