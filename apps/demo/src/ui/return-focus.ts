'use client';
import { useRef } from 'react';

/** The element that opened a window: for an item of a menu, which is gone by then, the menu's button. */
function openerOf(element: Element | null): Element | null {
  const menu = element?.closest('[role=menu]');
  return menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : element;
}

/** Where somebody begins in a window: at its first field, or at the button that changes nothing. */
const beginning = 'form :is(input:not([type=hidden]), textarea, select), footer button';

/**
 * Puts the focus to where a window begins, and back to where it was when it closes; if that is gone with what the window did,
 * to the screen, so that the next Tab does not begin at the top of the page.
 *
 * @returns handlers for a window's content
 */
export function useReturnFocus() {
  const opener = useRef<Element>(null);
  return {
    onOpenAutoFocus(event: Event) {
      opener.current = openerOf(document.activeElement);
      const { currentTarget } = event;
      const first =
        currentTarget instanceof Element && currentTarget.querySelector<HTMLElement>(beginning);
      if (!first) return;
      event.preventDefault();
      first.focus();
    },
    onCloseAutoFocus(event: Event) {
      event.preventDefault();
      const { current } = opener;
      const target =
        current?.isConnected && current !== document.body
          ? current
          : document.getElementById('screen');
      if (target instanceof HTMLElement) target.focus();
    },
  };
}
