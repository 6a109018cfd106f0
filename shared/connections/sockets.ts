import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Clock } from '../ports/index.ts';
import { type EgressPolicy, guardedLookup } from './egress.ts';

/** A frozen function cannot see its idle sockets die; an older one is not reused, or a write of unknown fate follows. */
const MAX_IDLE_MS = 4_000;

export interface SocketOptions {
  readonly policy: EgressPolicy;
  readonly clock: Clock;
  readonly lookup?: LookupFunction;
}

/** The sockets of calls out: kept for a while, encrypted from TLS 1.2 on, and never to an address that is not public. */
export class Agents {
  readonly #options: SocketOptions;
  #http: http.Agent | undefined;
  #https: https.Agent | undefined;
  #usedAtMs = 0;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  for(url: URL): http.Agent {
    this.#dropIdle();
    if (url.protocol === 'http:') {
      this.#http ??= new http.Agent({ keepAlive: true });
      return this.#http;
    }
    const { policy, lookup } = this.#options;
    const guard = policy.isLocal ? {} : { lookup: lookup ?? guardedLookup() };
    this.#https ??= new https.Agent({ keepAlive: true, minVersion: 'TLSv1.2', ...guard });
    return this.#https;
  }

  #dropIdle(): void {
    const nowMs = this.#options.clock.now();
    if (nowMs - this.#usedAtMs > MAX_IDLE_MS) {
      for (const agent of [this.#http, this.#https]) destroyIdle(agent);
    }
    this.#usedAtMs = nowMs;
  }
}

/** Calls under way keep their sockets. */
function destroyIdle(agent: http.Agent | undefined): void {
  for (const sockets of Object.values(agent?.freeSockets ?? {})) {
    for (const socket of sockets ?? []) socket.destroy();
  }
}
