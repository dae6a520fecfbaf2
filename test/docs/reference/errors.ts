import {
  apiRefusals,
  logoutRefusals,
  type RevocationError,
  refusals,
  stateRefusals,
} from '../../../src/module/revocation.errors.js';
import { table } from '../marks.js';
import { ERROR_TEXTS, type ErrorText, type Responsible } from './error-texts.js';
import { GENERATED } from './options.js';

const INTRODUCTION = `The endpoint answers a rejected request with a status and \`{ "error", "error_description" }\`. These are for the
caller's developer, and say no more than a stranger may know. The log says more: \`event.reason\` is the name of one of the sections
below, and \`error.message\` has details. Names, status codes and values of \`error\` [change only with a major version](../operations/upgrading.md#compatibility-policy).

To find the reason of a request, search the log for its \`http.request.id\`: the \`X-Request-Id\` that the caller sent, or the trace id
of its \`traceparent\`.`;

const OF_LOGOUT = `[Logout tokens of identity providers](../guides/upstream-logout.md) are answered 400 for these reasons. They share \`methodNotAllowed\`,
\`bodyTooLarge\`, \`featureDisabled\`, \`tooManyFailures\`, \`tooManyCalls\` and \`unavailable\` with the endpoint. A user who is unknown here is
answered 200, and \`event.reason\` is \`unknownSubject\`.`;

const OF_API = `The [guard for APIs](../guides/resource-servers.md) also answers with \`invalidToken\`, \`boundToken\`, \`keyOfAnotherToken\`,
\`dpopProof…\` and \`unavailable\` of the list above.`;

const NAMES: Readonly<Record<Responsible, string>> = {
  caller: "the caller's developer",
  operator: 'the operator of this server',
  application: 'the developer of the application',
  nobody: 'nobody',
};

/** Reasons that are answered with the status of another one, or with none. */
const WITHOUT_ROW = {
  clientDisabled: 'as `invalidClient`: 401 `invalid_client`',
  aborted: 'none: the caller was gone',
  other: 'whatever the other part answered',
} as const;

/** The page on every `event.reason`. */
export function errorsPage(): string {
  const all = [...refusals(), ...stateRefusals()];
  const keys = [...new Set(all.map(keyOf))];
  const overview = table(
    ['status', '`error`', 'reasons'],
    keys.toSorted().map((key) => {
      const group = all.filter((refusal) => keyOf(refusal) === key);
      const { status, error } = group[0]!;
      return [String(status), `\`${error}\``, group.map(({ reason }) => linkTo(reason)).join(', ')];
    }),
  );
  const others = Object.entries(WITHOUT_ROW).map(([reason, answer]) =>
    sectionOf(reason, answer, ERROR_TEXTS[reason as keyof typeof WITHOUT_ROW]),
  );
  const ofApi = apiRefusals().map(({ reason, status, message }) =>
    sectionOf(reason, `${status} without \`error\`: "${message}"`, ERROR_TEXTS[reason]),
  );
  const parts = ['# Errors', GENERATED, INTRODUCTION, '## Overview', overview, '## Reasons', ...all.map(ofRefusal)];
  const ofLogout = ['## Reasons of logout tokens', OF_LOGOUT, ...logoutRefusals().map(ofRefusal)];
  const rest = [...ofLogout, '## Reasons of the guard for APIs', OF_API, ...ofApi];
  return `${[...parts, ...rest, '## Reasons without an answer of their own', ...others].join('\n\n')}\n`;
}

const keyOf = ({ status, error }: RevocationError): string => `${status} ${error}`;
const linkTo = (reason: string): string => `[${reason}](#${reason.toLowerCase()})`;

const ofRefusal = ({ reason, status, error, message }: RevocationError): string =>
  sectionOf(reason, `${status} \`${error}\`: "${message}"`, ERROR_TEXTS[reason]);

const sectionOf = (reason: string, answer: string, { meaning, who, remedy }: ErrorText): string =>
  [
    `### ${reason}`,
    `- Answer: ${answer}`,
    `- Meaning: ${meaning}`,
    `- Who must act: ${who.map((each) => NAMES[each]).join(', ')}`,
    `- Remedy: ${remedy}`,
  ]
    .join('\n')
    .replace('\n', '\n\n');
