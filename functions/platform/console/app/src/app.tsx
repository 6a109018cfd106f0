import { useEffect, useMemo, useState } from 'preact/hooks';
import { apiClient, nameBook } from './client.ts';
import { ConnectionsPage } from './pages/connections.tsx';
import { ConversationPage } from './pages/conversation.tsx';
import { ConversationsPage } from './pages/conversations.tsx';
import { MappingPage } from './pages/mapping.tsx';
import { ParkedPage } from './pages/parked.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { type Desk, DeskContext } from './parts/desk.ts';
import { Frame } from './parts/frame.tsx';
import { type Location, placeOf } from './route.ts';
import {
  beginSignIn,
  type Config,
  finishSignIn,
  keepSession,
  keptSession,
  readConfig,
  type Session,
  type Surroundings,
} from './session.ts';

const around: Surroundings = {
  fetch: (...request) => fetch(...request),
  storage: sessionStorage,
  location,
  now: () => Date.now(),
};

function usePlace(): Location {
  const [found, setFound] = useState(() => placeOf(location.hash));
  useEffect(() => {
    const follow = () => setFound(placeOf(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return found;
}

/** The code of a finished sign-in is taken out of the address bar before anything else is shown. */
async function enter(config: Config): Promise<Session | undefined> {
  const returned = await finishSignIn(around, config);
  if (returned === undefined) return keptSession(around);
  keepSession(around, returned.session);
  history.replaceState(null, '', `/console${returned.hash}`);
  dispatchEvent(new HashChangeEvent('hashchange'));
  return returned.session;
}

export function App() {
  const [config, setConfig] = useState<Config>();
  const [session, setSession] = useState<Session>();
  const [isReady, setReady] = useState(false);
  const [error, setError] = useState<string>();

  useEffect(() => {
    const start = async () => {
      const found = await readConfig(around);
      setConfig(found);
      setSession(await enter(found));
    };
    start()
      .catch((cause: Error) => setError(cause.message))
      .finally(() => setReady(true));
  }, []);

  const signIn = async (prompt?: 'login') => {
    if (config === undefined) return;
    setError(undefined);
    try {
      const hash = location.hash;
      location.assign(await beginSignIn(around, config, prompt === undefined ? { hash } : { hash, prompt }));
    } catch (cause) {
      setError((cause as Error).message);
    }
  };
  const signOut = () => {
    keepSession(around, undefined);
    setSession(undefined);
  };

  if (!isReady) return null;
  if (session === undefined) return <SignInPage error={error} onSignIn={signIn} />;
  return <SignedIn session={session} onSignOut={signOut} key={session.token} />;
}

function SignedIn({ session, onSignOut }: { session: Session; onSignOut: () => void }) {
  const { place, notice } = usePlace();
  const desk: Desk = useMemo(() => {
    const client = apiClient(session.token, (...request) => fetch(...request), onSignOut);
    const may = (scope: string) => session.scopes.includes(scope);
    const nobody = () => Promise.resolve(new Map<string, string>());
    return { client, may, names: may('connections:read') ? nameBook(client, () => Date.now()) : nobody };
  }, [session.token]);
  return (
    <DeskContext.Provider value={desk}>
      <Frame place={place} session={session} onSignOut={onSignOut}>
        {place.page === 'connections' && <ConnectionsPage notice={notice} />}
        {place.page === 'mapping' && <MappingPage id={place.id} key={place.id} />}
        {place.page === 'parked' && <ParkedPage />}
        {place.page === 'conversations' && <ConversationsPage />}
        {place.page === 'conversation' && <ConversationPage id={place.id} key={place.id} />}
      </Frame>
    </DeskContext.Provider>
  );
}
