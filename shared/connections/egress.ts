import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { InvalidInputError } from '../errors.ts';

/** Where calls to a vendor may go. `isLocal` is the local stage alone: anything, so that sandboxes can answer. */
export interface EgressPolicy {
  /** Exact host names, or `*.suffix`, as the manifest lists them. */
  readonly allowedHosts: readonly string[];
  readonly isLocal: boolean;
}

/** @throws InvalidInputError naming the rule that was broken. */
export function checkUrl(url: string | URL, policy: EgressPolicy): URL {
  const target = parse(url);
  if (policy.isLocal) return target;
  if (target.protocol !== 'https:') throw refused('protocol', target.protocol, 'https:');
  if (target.username !== '' || target.password !== '') throw refused('user info', 'some', 'none');
  if (target.port !== '') throw refused('port', target.port, '443');
  // URL has already lower-cased, mapped to ASCII and folded every numeric spelling of an address.
  if (ipaddr.isValid(target.hostname.replace(/^\[|\]$/g, ''))) {
    throw refused('host', target.hostname, 'a name, not an address');
  }
  if (!policy.allowedHosts.some((allowed) => isHostAllowed(target.hostname, allowed))) {
    throw refused('host', target.hostname, policy.allowedHosts.join(' or '));
  }
  return target;
}

function parse(url: string | URL): URL {
  try {
    return new URL(url);
  } catch {
    throw refused('url', 'no url', 'an absolute https url');
  }
}

function refused(what: string, saw: string, expected: string): InvalidInputError {
  return new InvalidInputError(`a call out was refused: ${what} is ${saw}, expected ${expected}`);
}

function isHostAllowed(host: string, allowed: string): boolean {
  if (!allowed.startsWith('*.')) return host === allowed;
  return host.endsWith(allowed.slice(1)) && host.length > allowed.length - 1;
}

/** Globally routable unicast only; everything the registries set aside is not a vendor. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  // Outside 2000::/3 nothing is allocated; this also catches ::127.0.0.1 and local NAT64 prefixes.
  return parsed.kind() === 'ipv4' || (Number(parsed.toByteArray()[0]) & 0xe0) === 0x20;
}

type Resolve = (
  host: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A `lookup` for sockets: the very addresses it hands over are the ones connected to, so a name that
 * resolves differently the second time (DNS rebinding) gains nothing. One bad address refuses the name.
 */
export function guardedLookup(resolve: Resolve = systemLookup): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true } as LookupAllOptions, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(refused('address', 'private or none', 'public addresses only'), '', 0);
      }
      if (options.all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}
