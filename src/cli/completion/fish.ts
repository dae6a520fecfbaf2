import type { Place } from './places.js';

/** A word that fish takes as it is. */
const quoted = (text: string): string => `'${text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;

/** Completion for fish. */
export function fishCompletion(cli: string, places: readonly Place[]): string {
  const name = `__${cli.replaceAll(/\W/g, '_')}_at`;
  const known = places.filter(({ path }) => path !== '').map(({ path }) => quoted(path.trim()));
  const lines = places.flatMap(({ path, commands, values, options }) => {
    const start = `complete -c ${cli} -n ${quoted(`${name} ${path}`.trim())}`;
    return [
      ...commands.map(({ word, meaning }) => `${start} -a ${word} -d ${quoted(meaning)}`),
      ...values.map((word) => `${start} -a ${word}`),
      ...options.map(({ word, meaning, takesValue }) => {
        const value = takesValue ? ' -x' : '';
        return `${start} -l ${word.slice('--'.length)}${value} -d ${quoted(meaning)}`;
      }),
    ];
  });
  return `# ${cli}, completion for fish: ${cli} completion fish > ~/.config/fish/completions/${cli}.fish
function ${name}
  set -l path
  for word in (commandline -opc)[2..]
    if contains -- (string join -- ' ' $path $word) ${known.join(' ')}
      set -a path $word
    end
  end
  test "$path" = "$argv"
end
complete -c ${cli} -f
complete -c ${cli} -l app -r -F -d 'compiled module of your application'
${lines.join('\n')}`;
}
