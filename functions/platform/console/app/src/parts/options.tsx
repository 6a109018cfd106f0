interface Props {
  /** Each value with its words. */
  readonly of: Iterable<readonly [string, string]>;
}

/** What a select lets one choose from. */
export const Options = ({ of }: Props) => (
  <>
    {[...of].map(([value, words]) => (
      <option key={value} value={value}>
        {words}
      </option>
    ))}
  </>
);
