import { SCOPES } from '../../../functions/platform/api/call.ts';

export interface DemoOrganization {
  readonly id: string;
  readonly name: string;
}

export interface DemoUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly organization: string;
  readonly organizationName: string;
  readonly title: string;
  readonly scopes: readonly string[];
}

export const DEMO_ORGANIZATIONS: readonly DemoOrganization[] = [
  { id: 'acme', name: 'Acme Outdoor' },
  { id: 'globex', name: 'Globex Logistics' },
];

const EVERYTHING = Object.keys(SCOPES);
const ROLES = [
  { title: 'Administrator', names: ['Ada Lindqvist', 'Grace Okafor'], scopes: EVERYTHING },
  {
    title: 'Observer',
    names: ['Oskar Brandt', 'Olivia Reyes'],
    scopes: EVERYTHING.filter((scope) => scope.endsWith(':read')),
  },
] as const;

/** Two people of each organization: one who may do everything, one who may only look. */
export function usersOf(organizations: readonly DemoOrganization[]): readonly DemoUser[] {
  return organizations.flatMap(({ id, name: organizationName }, index) =>
    ROLES.map(({ title, names, scopes }) => {
      const name = names[index % names.length] as string;
      const first = (name.split(' ')[0] as string).toLowerCase();
      return {
        id: `${first}-${id}`,
        name,
        email: `${first}@${id}.example`,
        organization: id,
        organizationName,
        title,
        scopes,
      };
    }),
  );
}
