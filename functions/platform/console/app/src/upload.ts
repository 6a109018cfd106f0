import type { Attachment } from './attachment.ts';
import type { Client } from './client.ts';

/** Its checksum is made of all of it at once, in the page's memory. */
const MAX_BYTES = 256 * 1024 * 1024;

export interface Chosen {
  readonly ticket: string;
  readonly file: File;
  readonly visibility: 'public' | 'internal';
  /** The same key twice sends the same file once. */
  readonly key: string;
}
interface Upload {
  readonly id: string;
  readonly put: { readonly url: string; readonly headers: Readonly<Record<string, string>> };
}
/** Puts bytes at an address that is no part of the API; tells how much of them is there, from 0 to 1. */
export type Put = (to: Upload['put'], bytes: Blob, onProgress: (share: number) => void) => Promise<void>;

/** Announced, put where the hub says, and made a file of: in that order, each as often as it is asked. */
export async function sendFile(
  client: Client,
  put: Put,
  { ticket, file, visibility, key }: Chosen,
  onProgress: (share: number) => void,
): Promise<Attachment> {
  if (file.size > MAX_BYTES) throw new Error('files of up to 256 MB can be sent from this page');
  const announced = await client.post<Upload>(`/v1/tickets/${encodeURIComponent(ticket)}/uploads`, key, {
    name: file.name,
    type: file.type === '' ? 'application/octet-stream' : file.type,
    size: file.size,
    sha256: await checksum(file),
    visibility,
  });
  await put(announced.put, file, onProgress);
  return client.post<Attachment>(`/v1/uploads/${encodeURIComponent(announced.id)}/complete`, `${key}-done`);
}

async function checksum(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** `fetch` tells nothing of what has been sent so far. */
export const putByBrowser: Put = ({ url, headers }, bytes, onProgress) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.onload = () => {
      if (request.status < 300) resolve();
      else reject(new Error(`the file was not taken (${request.status})`));
    };
    request.onerror = () => reject(new Error('the file did not get through'));
    request.send(bytes);
  });
