/** A request as it came off the wire. Nothing in it has been believed yet. */
export interface RawRequest {
  readonly method: string;
  /** Path and query exactly as sent; merged or decoded forms are never verified against. */
  readonly path: string;
  readonly rawQuery: string;
  /** Lower-case names. A header sent twice holds both values joined by a comma, as API Gateway does. */
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as sent, already out of base64. */
  readonly body: Uint8Array;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Verdict = 'authentic' | 'not-authentic';

/** Where an accepted event belongs. */
export interface Route {
  /** The vendor's delivery id; the same event carries the same id however often it is sent. */
  readonly eventId: string;
  /** External root, or the object's own id where the root is not known. */
  readonly group: string;
}

/** The answer to a setup request (url_verification, hub.challenge); it carries no event and is not kept. */
export interface Handshake {
  readonly answer: RawResponse;
}

/** What an integration's `authenticity.ts` implements: is this request really theirs, and which event is it. */
export interface Authenticity {
  /** Name of this verifier, as the manifest's `webhook.verifier` states it; a difference stops the start. */
  readonly name: string;
  /**
   * Over the raw bytes, in constant time, with every secret that is current (two during a rotation). An
   * empty or missing secret never verifies. Stale and future timestamps are not authentic. Pure: `nowMs`
   * is the injected clock. Must cost the same whatever the secrets are: it is also called with random ones
   * for connections that do not exist.
   */
  verify(request: RawRequest, secrets: Readonly<Record<string, string>>, nowMs: number): Verdict;
  /**
   * The least parsing that tells event and group; called only after `verify`. `ignore`: authentic, carries no event,
   * is not kept. `unreadable`: authentic, but no id is to be found; kept under a hash of its bytes, and parked by
   * observe. Unknown event types are routed like any other: observe filters and counts them.
   */
  route(request: RawRequest): Route | Handshake | 'ignore' | 'unreadable';
}
