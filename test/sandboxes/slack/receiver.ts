import type { Server } from 'node:http';
import { listen, portOf, type Request, stop } from './server.ts';

export interface Received {
  readonly headers: Request['headers'];
  readonly raw: string;
  readonly envelope: { readonly event_id: string; readonly event: Record<string, unknown> };
}

/** A request URL as an app would have it: answers the handshake, keeps what it is sent. */
export class EventReceiver {
  readonly received: Received[] = [];
  readonly handshakes: Request[] = [];
  /** How the next deliveries are answered; 200 when there are none left. */
  readonly statuses: number[] = [];
  responseHeaders: Record<string, string> = {};
  /** Takes deliveries and never answers one. */
  isMute = false;
  #server: Server | undefined;

  async start(): Promise<string> {
    this.#server = await listen(0, async (request) => {
      const body = JSON.parse(request.body) as Received['envelope'] & { type: string; challenge?: string };
      if (body.type === 'url_verification') {
        this.handshakes.push(request);
        return { status: 200, body: { challenge: body.challenge } };
      }
      this.received.push({ headers: request.headers, raw: request.body, envelope: body });
      if (this.isMute) await new Promise(() => {});
      return { status: this.statuses.shift() ?? 200, headers: this.responseHeaders, body: '' };
    });
    return `http://127.0.0.1:${portOf(this.#server)}/events`;
  }

  async stop(): Promise<void> {
    if (this.#server !== undefined) await stop(this.#server);
  }
}
