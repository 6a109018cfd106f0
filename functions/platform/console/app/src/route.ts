export type Place =
  | { readonly page: 'connections' }
  | { readonly page: 'parked' }
  | { readonly page: 'mapping'; readonly id: string }
  | { readonly page: 'conversations' }
  | { readonly page: 'conversation'; readonly id: string };

export interface Location {
  readonly place: Place;
  readonly notice: URLSearchParams;
}

/** `#/conversations/<id>?…`: the hash never reaches a server, so no id ends up in its log by navigation. */
export function placeOf(hash: string): Location {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page, id] = path.split('/');
  const notice = new URLSearchParams(query);
  if (page === 'parked') return { place: { page }, notice };
  if (page === 'connections' && id) return { place: { page: 'mapping', id: decodeURIComponent(id) }, notice };
  if (page === 'conversations' && id) {
    return { place: { page: 'conversation', id: decodeURIComponent(id) }, notice };
  }
  return { place: { page: page === 'conversations' ? page : 'connections' }, notice };
}

export function hashOf(place: Place): string {
  if (place.page === 'conversation') return `#/conversations/${encodeURIComponent(place.id)}`;
  return place.page === 'mapping'
    ? `#/connections/${encodeURIComponent(place.id)}/mapping`
    : `#/${place.page}`;
}
