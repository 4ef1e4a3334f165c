import { NothingHere } from '@/ui/not-found.tsx';

/** Outside of the application's frame, which has a `main` of its own. */
export default function NotFound() {
  return (
    <main>
      <NothingHere />
    </main>
  );
}
