'use client';
import { createContext, type ReactNode, useContext, useMemo } from 'react';

const Person = createContext<string | undefined>(undefined);

/** The owner of the drafts inside: another person at this browser finds none of them. */
export function DraftsOf({
  person,
  children,
}: {
  readonly person: string;
  readonly children: ReactNode;
}) {
  return <Person value={person}>{children}</Person>;
}

/** Text that a person wrote in one place and has not sent. */
export interface Draft {
  read(): string;
  /** An empty text is forgotten. */
  keep(text: string): void;
}

const nowhere: Draft = { read: () => '', keep: () => {} };

/**
 * Words that are not sent yet, kept in this browser: they outlive a reload, a crash and a sign-in.
 *
 * @param place what is being written, `comment on <page>`; without it nothing is kept, as for secrets
 */
export function useDraft(place: string | undefined): Draft {
  const person = useContext(Person);
  return useMemo(
    () => (person && place ? storedAt(`draft ${person} ${place}`) : nowhere),
    [person, place],
  );
}

/** The same, for what has a key of its own. */
export function usePlaceKey(place: string): string {
  return `${useContext(Person) ?? 'nobody'} ${place}`;
}

/** A browser may refuse to store anything, or have no room: then the words live as long as the page. */
export function storedAt(key: string): Draft {
  return {
    read() {
      try {
        return localStorage.getItem(key) ?? '';
      } catch {
        return '';
      }
    },
    keep(text) {
      try {
        if (text) localStorage.setItem(key, text);
        else localStorage.removeItem(key);
      } catch {
        // Nothing to do: see above.
      }
    },
  };
}
