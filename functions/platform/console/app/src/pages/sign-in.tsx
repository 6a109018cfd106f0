import { Mark } from '../parts/mark.tsx';
import { sentence } from '../words.ts';

interface Props {
  readonly error: string | undefined;
  readonly onSignIn: (prompt?: 'login') => void;
}

export function SignInPage({ error, onSignIn }: Props) {
  return (
    <main class="entrance">
      <Mark />
      <h1>Deskbridge</h1>
      <p>Every conversation on both desks, and an account of each change between them.</p>
      {error !== undefined && (
        <p class="problem" role="alert">
          Signing in did not work: {sentence(error)}. Please try again.
        </p>
      )}
      <button type="button" class="primary" onClick={() => onSignIn()}>
        Sign in
      </button>
      <button type="button" class="quiet" onClick={() => onSignIn('login')}>
        Sign in as somebody else
      </button>
    </main>
  );
}
