/** A part of a statement, and the values of its marks in their order. */
export interface Clause {
  sql: string;
  parameters: unknown[];
}

/** All of the conditions that are given. */
export function allOf(...clauses: Array<Clause | undefined>): Clause {
  const given = clauses.filter((clause) => clause !== undefined);
  return { sql: given.map(({ sql }) => sql).join(' AND '), parameters: given.flatMap(({ parameters }) => parameters) };
}
