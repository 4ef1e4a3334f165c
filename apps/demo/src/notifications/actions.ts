'use server';
import {
  markAllNotificationsRead,
  markNotificationsRead,
  selectNotificationSchema,
} from '@pagespace/db';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { pagespace } from '@/server/databases.ts';

const revalidate = '/notifications';

const one = z.object({ notificationId: selectNotificationSchema.shape.id });
export const markRead = async (input: z.input<typeof one>) =>
  act(input, {
    schema: one,
    query: ({ notificationId }, { userId }) =>
      markNotificationsRead(pagespace(), { userId, notificationIds: [notificationId] }),
    revalidate,
  });

const seen = z.object({ upTo: selectNotificationSchema.shape.createdAt });
export const markAllRead = async (input: z.input<typeof seen>) =>
  act(input, {
    schema: seen,
    query: ({ upTo }, { userId }) => markAllNotificationsRead(pagespace(), { userId, upTo }),
    revalidate,
  });
