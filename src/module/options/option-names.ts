/**
 * Whether an object has none but these names; one that holds undefined is not there.
 *
 * @returns what is wrong, in words that follow the name of the object; undefined: nothing
 */
export function unknownName(value: object, known: readonly string[]): string | undefined {
  const given = Object.entries(value).filter(([, held]) => held !== undefined);
  const unknown = given.find(([name]) => !known.includes(name));
  return unknown && `has no option '${unknown[0].slice(0, 80)}'; it has ${known.join(', ')}`;
}
