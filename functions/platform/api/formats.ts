const DATE_TIME =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** RFC 3339 §5.6; a day its month has. */
export function isDateTime(text: string): boolean {
  const [, year, month, day] = (DATE_TIME.exec(text) ?? []).map(Number);
  if (year === undefined) return false;
  return new Date(Date.UTC(2000 + (year % 400), month! - 1, day)).getUTCDate() === day;
}

const URI = /^[a-z][a-z0-9+.-]*:(?:[\w.~:/?#[\]@!$&'()*+,;=-]|%[0-9a-f]{2})*$/i;

/** RFC 3986 §4.3 with a fragment: a scheme, and only characters an address may hold. What it leads to is for others to judge. */
export function isUri(text: string): boolean {
  return URI.test(text) && (!/^https?:/i.test(text) || URL.canParse(text));
}
