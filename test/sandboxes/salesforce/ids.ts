const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const ID = /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/;

/**
 * The three-letter suffix that makes an id safe where letter case is lost: a letter per block of five,
 * a bit per upper-case letter in it.
 * https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/field_types.htm (ID field type)
 */
export function to18(id: string): string {
  if (id.length === 18) return id;
  let suffix = '';
  for (let block = 0; block < 3; block += 1) {
    let bits = 0;
    for (let place = 0; place < 5; place += 1) {
      if (/[A-Z]/.test(id.charAt(block * 5 + place))) bits |= 1 << place;
    }
    suffix += CHECKSUM.charAt(bits);
  }
  return id + suffix;
}

/** The 18-letter form, or undefined where the text is no id or its suffix contradicts it. */
export function canonicalId(text: string): string | undefined {
  if (!ID.test(text)) return undefined;
  const full = to18(text.slice(0, 15));
  return text.length === 18 && text.slice(15).toUpperCase() !== full.slice(15) ? undefined : full;
}

/** The `serial`th id of an object; serials differ in letter case alone every 26, as real ids do. */
export function makeId(prefix: string, serial: number): string {
  let rest = serial;
  let digits = '';
  for (let place = 0; place < 9; place += 1) {
    digits = BASE62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return to18(`${prefix}Ws0${digits}`);
}
