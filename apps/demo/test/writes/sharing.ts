import { productPage } from '../addresses.ts';
import { button, press, pressed, values } from './steps.ts';
import type { WriteCases } from './write-case.ts';

export const sharingWrites: WriteCases = {
  'workspace/sharing/actions share': { writtenIn: 'share' },
  'workspace/sharing/actions revoke': {
    path: productPage('Launch plan'),
    prepare: press('Share'),
    press: async (page) => {
      await press(/^Revoke Chlo/)(page);
      await page.getByRole('button', { name: 'Revoke', exact: true }).last().click();
    },
    kept: pressed(/^Revoke Chlo/),
  },
  'workspace/sharing/link-actions makeLink': {
    path: productPage('Risks'),
    prepare: async (page) => {
      await press('Share')(page);
      await page.getByLabel('Uses').fill('3');
    },
    press: press('Make a link'),
    kept: values({ Uses: '3' }),
  },
  'workspace/sharing/link-actions endLink': {
    path: productPage('Risks'),
    prepare: async (page) => {
      await press('Share')(page);
      await press('Make a link')(page);
      await button(page, /^End the link/).waitFor();
    },
    press: press(/^End the link/),
    kept: pressed(/^End the link/),
    finish: press(/^End the link/),
  },
  'workspace/sharing/link-actions openLink': {
    who: 'nobody',
    path: '/shared/any',
    press: press('Open the page'),
    kept: pressed('Open the page'),
  },
};
