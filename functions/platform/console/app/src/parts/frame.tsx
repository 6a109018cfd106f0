import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hashOf, type Place } from '../route.ts';
import type { Session } from '../session.ts';
import { Mark } from './mark.tsx';

const PAGES = [
  { page: 'connections', name: 'Connections' },
  { page: 'parked', name: 'Parked work' },
  { page: 'conversations', name: 'Conversations' },
] as const;

/** Pages below another one. */
const SECTIONS: Readonly<Record<string, string>> = { conversation: 'conversations', mapping: 'connections' };

interface Props {
  readonly place: Place;
  readonly session: Session;
  readonly onSignOut: () => void;
  readonly children: ComponentChildren;
}

export function Frame({ place, session, onSignOut, children }: Props) {
  const main = useRef<HTMLElement>(null);
  const section = SECTIONS[place.page] ?? place.page;
  const isFirst = useRef(true);
  // A page change is silent to a screen reader unless the focus goes along.
  useEffect(() => {
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
  }, [hashOf(place)]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <header class="bar">
        <a class="brand" href="#/connections">
          <Mark />
          Deskbridge
        </a>
        <nav aria-label="Pages">
          {PAGES.map(({ page, name }) => (
            <a key={page} href={`#/${page}`} aria-current={page === section ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <div class="person">
          <span>
            <strong>{session.name}</strong>
            <small>{session.organization}</small>
          </span>
          <button type="button" class="quiet" onClick={onSignOut}>
            Sign out
          </button>
        </div>
      </header>
      <main ref={main} tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
