import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { product } from '../addresses.ts';
import { asked, button, press, pressed } from './steps.ts';
import type { WriteCases } from './write-case.ts';

const makeRole = (name: string) => async (page: Page) => {
  await page.getByLabel('Name of the role').fill(name);
  await press('Make the role')(page);
  await button(page, `Delete the role ${name}`).waitFor();
};

export const memberWrites: WriteCases = {
  'workspace/members/actions accept': {
    path: '/invitation?token=x',
    press: press('Accept the invitation'),
    kept: pressed('Accept the invitation'),
  },
  'workspace/members/actions invite': { writtenIn: 'invitation' },
  'workspace/members/actions leave': {
    who: 'ben',
    path: `${product}/members`,
    press: asked('Leave the drive', 'Leave'),
    kept: pressed('Leave the drive'),
  },
  'workspace/members/actions remove': {
    path: `${product}/members`,
    press: asked(/^Remove Ben/, 'Remove'),
    kept: pressed(/^Remove Ben/),
  },
  'workspace/members/actions setRole': {
    path: `${product}/members`,
    press: async (page) => {
      await page.getByLabel(/^Role of Dmitri/).selectOption('ADMIN');
    },
    kept: (page) =>
      expect.poll(() => page.getByLabel(/^Role of Dmitri/).inputValue()).toBe('MEMBER'),
  },
  'workspace/members/actions withdraw': {
    path: `${product}/members`,
    press: asked(/^Withdraw the invitation of emi/, 'Withdraw'),
    kept: pressed(/^Withdraw the invitation of emi/),
  },
  'workspace/members/role-actions makeRole': { writtenIn: 'role of a drive' },
  'workspace/members/role-actions changeRole': {
    path: `${product}/members`,
    prepare: makeRole('Editors for a test'),
    press: (page) => page.getByLabel('Editors for a test may edit').click(),
    kept: (page) =>
      expect.poll(() => page.getByLabel('Editors for a test may edit').isChecked()).toBe(false),
    finish: asked('Delete the role Editors for a test', 'Delete'),
  },
  'workspace/members/role-actions deleteRole': {
    path: `${product}/members`,
    prepare: makeRole('Deleted in a test'),
    press: asked('Delete the role Deleted in a test', 'Delete'),
    kept: pressed('Delete the role Deleted in a test'),
    finish: asked('Delete the role Deleted in a test', 'Delete'),
  },
  'workspace/members/role-actions giveRole': {
    path: `${product}/members`,
    prepare: makeRole('Given in a test'),
    press: async (page) => {
      await page.getByLabel(/^Own role of Dmitri/).selectOption({ label: 'Given in a test' });
    },
    kept: (page) => expect.poll(() => page.getByLabel(/^Own role of Dmitri/).inputValue()).toBe(''),
    finish: asked('Delete the role Given in a test', 'Delete'),
  },
};
