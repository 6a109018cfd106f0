import { NotFoundError } from '../../../shared/errors.ts';
import type { Integration } from '../../../shared/ports/index.ts';
import type { Invocation } from '../invocation.ts';
import type { Site } from '../truth.ts';
import type { World } from '../world.ts';
import { callTimes, refuseRead } from './conditions.ts';

const PIECE_BYTES = 64;

/** Bytes on their way, piece by piece: others act between them, and whoever carries them may die. */
export function transfersFor(
  world: World,
  site: Site,
  invocation: Invocation,
): Pick<Integration, 'download' | 'upload'> {
  const { vendor } = site;
  const ask = <Value>(perform: () => Value) => {
    return invocation.gate(
      async () => {
        refuseRead(world, site, world.injector.take('read'));
        return perform();
      },
      callTimes(world, site),
    );
  };
  async function* pieces(bytes: string): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      yield await ask(() => Buffer.from(bytes.slice(at, at + PIECE_BYTES)));
    }
  }
  return {
    download: (copy) =>
      ask(() => {
        const object = vendor.objects.get(copy.externalId);
        if (object?.bytes === undefined || !vendor.isLive(object.id))
          throw new NotFoundError('it is deleted');
        return { body: pieces(object.bytes) };
      }),
    upload: async (_file, content) => {
      const taken: Uint8Array[] = [];
      for await (const piece of content) await ask(() => void taken.push(piece));
      return ask(() => vendor.stage(Buffer.concat(taken).toString()));
    },
  };
}
