import type { OrganizationId } from '../domain/ids.ts';
import { InvalidInputError } from '../errors.ts';
import type { Store } from '../ports/index.ts';
import { FEATURES, type Feature, type HubSettings } from './settings.ts';

export type FeatureStates = Readonly<Record<Feature, boolean>>;

/** Flags of one organization over the deployment's own; strongly read, so switching off holds at once. */
export interface Features {
  of(organization: OrganizationId): Promise<FeatureStates>;
  /**
   * `ahead` is awaited before anything is switched, with what the states will be.
   * @throws InvalidInputError for a name nobody knows or a value that is no boolean
   * @throws ConflictError when somebody else switched at the same time
   */
  change(
    organization: OrganizationId,
    changes: Readonly<Record<string, unknown>>,
    ahead?: (states: FeatureStates) => Promise<void>,
  ): Promise<FeatureStates>;
}

type Stored = Partial<Record<Feature, boolean>>;

const keyOf = (organization: OrganizationId) => ({ pk: `${organization}#features`, sk: 'features' });

export function createFeatures(store: Store, settings: HubSettings): Features {
  const stated = (own: Stored | undefined): FeatureStates =>
    Object.fromEntries(
      FEATURES.map((feature) => [feature, own?.[feature] ?? settings.features[feature] ?? true]),
    ) as Record<Feature, boolean>;
  const read = async (organization: OrganizationId) => {
    const { pk, sk } = keyOf(organization);
    return store.get<Stored>(pk, sk);
  };
  return {
    of: async (organization) => stated((await read(organization))?.data),
    async change(organization, changes, ahead) {
      for (const [name, value] of Object.entries(changes)) refuseUnknown(name, value);
      const known = await read(organization);
      const data: Stored = { ...known?.data, ...changes };
      await ahead?.(stated(data));
      await store.commit([{ put: { ...keyOf(organization), data }, expect: known?.version ?? 0 }]);
      return stated(data);
    },
  };
}

function refuseUnknown(name: string, value: unknown): void {
  const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (!FEATURES.some((feature) => feature === name)) {
    throw new InvalidInputError(`no feature of this name, expected one of ${FEATURES.join(', ')}`, {
      pointer,
    });
  }
  if (typeof value !== 'boolean') {
    throw new InvalidInputError(`saw ${JSON.stringify(value)}, expected true or false`, { pointer });
  }
}
