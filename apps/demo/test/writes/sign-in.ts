import { fill, heading, press, secret, values } from './steps.ts';
import type { WriteCases } from './write-case.ts';

export const signInWrites: WriteCases = {
  'sign-in/actions signInHere': {
    who: 'nobody',
    path: '/sign-in',
    prepare: fill({ 'E-mail address': 'ada@example.com', Password: secret }),
    press: press(/^Sign in$/),
    kept: values({ 'E-mail address': 'ada@example.com', Password: secret }),
  },
  'sign-in/actions signOut': {
    path: '/drives',
    press: async (page) => {
      await press('Account of Ada Lovelace')(page);
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
    },
    kept: heading('Drives'),
  },
};
