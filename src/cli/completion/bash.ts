import { optionsWithValue, type Place, quoted } from './places.js';

/** Completion for bash. */
export function bashCompletion(cli: string, places: readonly Place[]): string {
  const name = `_${cli.replaceAll(/\W/g, '_')}`;
  const known = places.map(({ path }) => quoted(path)).join('|');
  const words = ({ commands, options, values }: Place): string =>
    quoted([...commands.map(({ word }) => word), ...values, ...options.map(({ word }) => word)].join(' '));
  return `# ${cli}, completion for bash. In ~/.bashrc: source <(${cli} completion bash)
${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} at= word words
  COMPREPLY=()
  case $before in
    --app) COMPREPLY=($(compgen -f -- "$cur")); return ;;
    ${optionsWithValue(places).join('|')}) return ;;
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in ${known}) at="$at $word" ;; esac
  done
  case $at in
${places.map((place) => `    ${quoted(place.path)}) words=${words(place)} ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F ${name} ${cli}`;
}
