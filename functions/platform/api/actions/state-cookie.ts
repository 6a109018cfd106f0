import { createHash } from 'node:crypto';

const NAME = 'deskbridge-oauth';
const LASTS_SECONDS = 600;

function hashOf(state: string): string {
  return createHash('sha256').update(state).digest('base64url');
}

/**
 * RFC 6749 §10.12: binds the state to the browser that began. Without it, anybody could send a stranger
 * their own authorization link and have the stranger's account connected to their organization.
 */
export function stateCookie(state: string, publicUrl: string): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  return `${NAME}=${hashOf(state)}; Path=/oauth/callback; Max-Age=${LASTS_SECONDS}; HttpOnly; SameSite=Lax${secure}`;
}

export function hasStateCookie(state: string, cookies: readonly string[]): boolean {
  return cookies.includes(`${NAME}=${hashOf(state)}`);
}
