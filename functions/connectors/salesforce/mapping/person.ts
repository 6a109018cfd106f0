import type { MappingContext } from '../../../../shared/ports/index.ts';

/** Only an org with person accounts has it, on contacts and accounts; asked for elsewhere it fails the query. */
export const IS_PERSON = 'IsPersonAccount';

export const hasPersonAccounts = ({ settings }: Pick<MappingContext, 'settings'>): boolean =>
  settings.hasPersonAccounts === true;

/** A person account is a contact and an account in one: whoever it is, no company stands behind them. */
export const isPerson = (row: Readonly<Record<string, unknown>>): boolean => row[IS_PERSON] === true;
