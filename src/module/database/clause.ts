/** Part of a statement, with its parameters in order. */
export interface Clause {
  sql: string;
  parameters: unknown[];
}

export function allOf(...clauses: Array<Clause | undefined>): Clause {
  const given = clauses.filter((clause) => clause !== undefined);
  return { sql: given.map(({ sql }) => sql).join(' AND '), parameters: given.flatMap(({ parameters }) => parameters) };
}
