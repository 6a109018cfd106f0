import { ProviderRejectedError } from '../errors.ts';
import type { TransferResponse } from '../ports/index.ts';

export interface ExpectedFile {
  readonly vendor: string;
  /** As the vendor describes the file, where it does. */
  readonly size?: number | undefined;
  readonly type?: string | undefined;
}

/**
 * A vendor's success as the file that was asked for. A page that asks people to sign in is one too, and so is half a
 * file: neither may pass for what it is not.
 * @throws ProviderRejectedError before the first byte where the answer's own words give it away, else at its end
 */
export async function* fileFrom(
  { headers, body }: TransferResponse,
  { vendor, size, type }: ExpectedFile,
): AsyncGenerator<Uint8Array, void> {
  if (isPage(headers.get('content-type')) && !isPage(type ?? null))
    throw new ProviderRejectedError(`${vendor} answered with a page instead of the file`, {
      vendorCode: 'login_page',
    });
  const announced = headers.has('content-encoding') ? null : headers.get('content-length');
  if (announced !== null) confirm(Number(announced));
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    yield piece;
  }
  confirm(bytes);

  function confirm(seen: number): void {
    if (size === undefined || seen === size) return;
    const message = `${vendor} sent ${seen} bytes of a file, expected ${size}`;
    throw new ProviderRejectedError(message, { vendorCode: 'length_mismatch' });
  }
}

const isPage = (type: string | null): boolean =>
  /^\s*(?:text\/html|application\/xhtml\+xml)/i.test(type ?? '');
