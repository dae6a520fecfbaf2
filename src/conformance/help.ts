/** Text of `--help`. */
export const HELP = `Tests whether a server implements OAuth 2.0 Global Token Revocation correctly. It only uses HTTP, so it works with
any server. The requirements come from the draft, RFC 9493 (subject identifiers), the OAuth RFCs, OpenID and Okta.

Use a test server: the suite signs people in and revokes them, many times.

Usage:
  global-token-revocation-conformance --base-url URL [options]
  global-token-revocation-conformance --list [--only SECTIONS] [--skip SECTIONS] [--json]

Server:
  --base-url URL      issuer of the server; the suite reads its metadata
  --endpoint URL      revocation endpoint, if the metadata does not contain it
  --server TEXT       name and version of the server, for the reports (default: its Server header)

Callers and people:
  --client-id ID      client that may revoke, with HTTP Basic; put its secret in the environment variable CLIENT_SECRET
  --config FILE       JSON file with more callers and settings
  --sign-in COMMAND   command that signs a person in and prints identifiers, tokens and cookies as JSON

Requirements:
  --list              print all requirements and exit, without contacting a server
  --only SECTIONS     test only these sections, for example --only 'RFC 9493 §3.2, draft-06 §3.3'
  --skip SECTIONS     skip these sections

Reports (a FILE of - is standard output, instead of the report for the terminal):
  --html FILE         write a web page
  --junit FILE        write JUnit XML, for CI servers
  --json [FILE]       write JSON; without FILE, to standard output

  --version           print the version and exit
  --help              print this help and exit

Requirements that need something you do not provide are "not tested".

Exit codes:
  0  no requirement failed
  1  a requirement failed
  2  wrong usage
  3  the server did not answer, or no requirement failed but the sign-in command did

Documentation:
  https://github.com/nestjs-global-revocation/nestjs-global-revocation/blob/main/docs/guides/conformance.md
`;
