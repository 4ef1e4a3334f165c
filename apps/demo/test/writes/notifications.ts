import { press, pressed } from './steps.ts';
import type { WriteCases } from './write-case.ts';

export const notificationWrites: WriteCases = {
  'notifications/actions markAllRead': {
    who: 'dmitri',
    path: '/notifications',
    press: press('Mark all as read'),
    kept: pressed('Mark all as read'),
  },
  'notifications/actions markRead': {
    who: 'dmitri',
    path: '/notifications',
    press: press('Mark as read'),
    kept: pressed('Mark as read'),
  },
};
