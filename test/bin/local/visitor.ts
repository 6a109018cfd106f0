/** A browser without a screen: follows redirects within the issuer and keeps its cookies. */
export class Visitor {
  readonly #cookies = new Map<string, string>();

  async open(address: URL, body?: URLSearchParams): Promise<{ url: URL; response: Response }> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const init = body === undefined ? {} : { method: 'POST', body };
    const response = await fetch(address, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) as RegExpExecArray;
      this.#cookies.set(name as string, value as string);
    }
    const location = response.headers.get('location');
    if (location === null) return { url: address, response };
    const next = new URL(location, address);
    return next.origin === address.origin ? this.open(next) : { url: next, response };
  }
}
