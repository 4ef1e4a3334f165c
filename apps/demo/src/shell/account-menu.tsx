'use client';
import { LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { signOut } from '@/sign-in/actions.ts';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/ui/menu.tsx';
import { useAction } from '@/ui/toast.tsx';
import { setTheme } from './theme.ts';

const icon = 'size-4';

export function AccountMenu({
  person,
}: {
  readonly person: { readonly name: string; readonly email: string };
}) {
  const run = useAction();
  const leave = async () => {
    // A whole new page: nothing of whoever was here stays in memory.
    if (await run(signOut())) location.assign('/sign-in');
  };
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Account of ${person.name}`}
          className="grid size-8 place-items-center rounded-full bg-accent-soft text-sm font-semibold text-accent"
        >
          {person.name.slice(0, 1).toUpperCase()}
        </button>
      }
    >
      <MenuLabel>{person.email}</MenuLabel>
      <MenuSeparator />
      <MenuItem icon={<Sun className={icon} />} onSelect={() => setTheme('light')}>
        Light
      </MenuItem>
      <MenuItem icon={<Moon className={icon} />} onSelect={() => setTheme('dark')}>
        Dark
      </MenuItem>
      <MenuItem icon={<Monitor className={icon} />} onSelect={() => setTheme('system')}>
        As the system
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<LogOut className={icon} />} onSelect={() => void leave()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
