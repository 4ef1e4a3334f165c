import { asked, button, heading, press, pressed, there } from './steps.ts';
import type { WriteCases } from './write-case.ts';

export const connectorWrites: WriteCases = {
  'connectors/actions connectRecordings': {
    who: 'ben',
    path: '/connectors',
    press: press('Connect GitHub’s recordings'),
    kept: heading('Connectors'),
  },
  'connectors/actions importNext': {
    who: 'ben',
    path: '/connectors',
    prepare: async (page) => {
      await press('Connect GitHub’s recordings')(page);
      await button(page, 'Import').waitFor();
    },
    press: press('Import'),
    kept: pressed('Import'),
    finish: asked('Disconnect', 'Disconnect'),
  },
  'connectors/actions removeConnection': {
    path: '/connectors',
    prepare: (page) =>
      page
        .getByRole('link', { name: /^Spotify/ })
        .first()
        .click(),
    press: asked('Disconnect', 'Disconnect'),
    kept: there((page) => page.getByRole('dialog').getByText('Disconnect?')),
  },
};
