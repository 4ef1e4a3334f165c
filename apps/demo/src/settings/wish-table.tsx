'use client';
import type { NotificationWish } from '@pagespace/db';
import { Table, Td, Th } from '@/ui/table.tsx';
import { useAction } from '@/ui/toast.tsx';
import { setWish } from './actions.ts';

const ways = [
  ['inAppEnabled', 'Here'],
  ['emailEnabled', 'By mail'],
  ['pushEnabled', 'Push'],
] as const;

const words = (type: string) => {
  const text = type.toLowerCase().replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export function WishTable({ wishes }: { readonly wishes: readonly NotificationWish[] }) {
  const run = useAction();
  return (
    <Table
      label="Notification preferences"
      head={
        <>
          <Th>About</Th>
          {ways.map(([way, name]) => (
            <Th key={way} className="text-center">
              {name}
            </Th>
          ))}
        </>
      }
    >
      {wishes.map((wish) => (
        <tr key={wish.type}>
          <Td className="font-medium">{words(wish.type)}</Td>
          {ways.map(([way, name]) => (
            <Td key={way} label={name} className="text-center">
              <input
                type="checkbox"
                aria-label={`${words(wish.type)}: ${name}`}
                className="size-4 accent-accent"
                defaultChecked={wish[way]}
                onChange={async ({ target }) => {
                  const { checked } = target;
                  // A wish that was not stored must not look stored.
                  if (!(await run(setWish({ type: wish.type, [way]: checked }))))
                    target.checked = !checked;
                }}
              />
            </Td>
          ))}
        </tr>
      ))}
    </Table>
  );
}
