import { expect } from 'vitest';
import { asked, button, fill, heading, press, pressed, secret, values } from './steps.ts';
import type { WriteCases } from './write-case.ts';

export const settingWrites: WriteCases = {
  'settings/actions closeAccount': {
    path: '/settings/data',
    prepare: fill({ 'Your e-mail address, to confirm': 'ada@example.com' }),
    press: press('Erase my account'),
    kept: values({ 'Your e-mail address, to confirm': 'ada@example.com' }),
  },
  'settings/actions endOtherSessions': {
    path: '/settings/sessions',
    press: asked('End all others', 'End them'),
    kept: heading('Sessions'),
  },
  'settings/actions endSession': {
    path: '/settings/sessions',
    press: asked(/^End the session/, 'End it'),
    kept: pressed(/^End the session/),
  },
  'settings/actions forgetKey': {
    path: '/settings/providers',
    press: asked('Forget the key for OpenRouter', 'Forget'),
    kept: pressed('Forget the key for OpenRouter'),
  },
  'settings/actions issueToken': { writtenIn: 'access token' },
  'settings/actions revokeToken': {
    path: '/settings/tokens',
    prepare: async (page) => {
      await page.getByLabel('Name').fill('For one test');
      await page.getByRole('checkbox').first().check();
      await press('Issue a token')(page);
      await button(page, 'Revoke For one test').waitFor();
    },
    press: asked('Revoke For one test', 'Revoke'),
    kept: pressed('Revoke For one test'),
  },
  'settings/actions saveKey': { writtenIn: 'key of an AI provider' },
  'settings/actions setWish': {
    path: '/settings/notifications',
    press: (page) => page.getByRole('checkbox', { name: 'Mention: Push' }).click(),
    kept: (page) =>
      expect
        .poll(() => page.getByRole('checkbox', { name: 'Mention: Push' }).isChecked())
        .toBe(true),
  },
  'settings/password setPassword': {
    path: '/settings/sessions',
    prepare: fill({ 'Present password': secret, 'New password': secret }),
    press: press('Change the password'),
    kept: values({ 'Present password': secret, 'New password': secret }),
  },
};
