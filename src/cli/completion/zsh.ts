import { optionsWithValue, type Place, quoted, type Word } from './places.js';

/** Completion for zsh. */
export function zshCompletion(cli: string, places: readonly Place[]): string {
  const name = `_${cli.replaceAll(/\W/g, '_')}`;
  const known = places.map(({ path }) => quoted(path)).join('|');
  const list = (words: readonly Word[]): string =>
    words.map(({ word, meaning }) => quoted(`${word}:${meaning.replaceAll(':', String.raw`\:`)}`)).join(' ');
  const at = ({ path, commands, values, options }: Place): string =>
    `    (${quoted(path)}) words_=(${list([...commands, ...values.map((word) => ({ word, meaning: '' }))])}) options_=(${list(options)}) ;;`;
  return `#compdef ${cli}
# ${cli}, completion for zsh. In ~/.zshrc, after compinit: source <(${cli} completion zsh)
${name}() {
  local at= word
  local -a words_ options_
  case \${words[CURRENT-1]} in
    (--app) _files; return ;;
    (${optionsWithValue(places).join('|')}) return ;;
  esac
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in (${known}) at="$at $word" ;; esac
  done
  case $at in
${places.map(at).join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]] || (( ! $#words_ )); then _describe option options_; else _describe command words_; fi
}
compdef ${name} ${cli}`;
}
