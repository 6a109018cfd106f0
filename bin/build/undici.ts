/**
 * What jsforce asks of `undici`, over Node's own fetch: the package costs the worker 270 KB. It stands in at
 * bundling only. Calls to Salesforce go through the connection's guarded fetch; proxies are not offered.
 */
export const fetch = globalThis.fetch;
export const Response = globalThis.Response;

/** jsforce makes one at import to keep HTTP/2 off, which Node's fetch does anyway. */
export class Agent {}

export class ProxyAgent {
  constructor() {
    throw new TypeError('jsforce was given a proxy, expected none: the hub calls vendors directly');
  }
}

class SocketError extends Error {}
export const errors = { SocketError };
