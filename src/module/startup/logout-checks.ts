import type { DataSource } from 'typeorm';
import type { EndpointRoute } from '../http/endpoint-route.js';
import { urlBelow } from '../options/endpoint.options.js';
import type { ResolvedOptions } from '../options/global-revocation.options.js';
import { TypeOrmUserDirectory } from '../subject/typeorm-user-directory.js';
import type { UserDirectory } from '../subject/user-directory.js';
import { fatal, type Finding } from './finding.js';

interface Checked {
  directory: UserDirectory;
  route: EndpointRoute;
  dataSource: DataSource;
}

const OF_SESSIONS =
  "logoutEnds: 'session', but only the oidc-provider adapter knows sessions: add ...oidcProviderEntities to the entities " +
  "of the DataSource, or set logoutEnds: 'user'";

const hasRecords = ({ entityMetadatas }: DataSource): boolean =>
  entityMetadatas.some(({ givenTableName }) => givenTableName === 'gtr_oidc_record');

/** Checks that logout tokens of identity providers have an address of their own, and can name users. */
export function logoutFindings(options: ResolvedOptions, { directory, route, dataSource }: Checked): Finding[] {
  const { issuer, logoutPath, identityProviders } = options;
  const senders = identityProviders.filter(({ logoutClientId }) => logoutClientId !== undefined);
  if (senders.length === 0) return [];
  const taken = takenBy(options, route.isAt(new URL(urlBelow(issuer, logoutPath)).pathname));
  return [
    ...taken.map((by) => fatal('path', `logoutPath: '${logoutPath}' is the path of ${by}: choose another one`)),
    ...senders
      .filter(({ logoutEnds }) => logoutEnds === 'session' && !hasRecords(dataSource))
      .map(({ id }) => fatal('entities', `identityProviders: '${id}' has ${OF_SESSIONS}`)),
    ...senders.flatMap(({ id, issuers }) =>
      issuers
        .filter((each) => !canName(directory, each))
        .map((each) =>
          fatal('users', `identityProviders: '${id}' has a logoutClientId, but ${fixFor(directory, each)}`),
        ),
    ),
  ];
}

const takenBy = ({ logoutPath, statusLists }: ResolvedOptions, isEndpoint: boolean): string[] => [
  ...(isEndpoint ? ['the endpoint'] : []),
  ...(statusLists && `${logoutPath}/`.startsWith(`${statusLists.path}/`) ? ['status lists'] : []),
];

const canName = (directory: UserDirectory, issuer: string): boolean =>
  directory instanceof TypeOrmUserDirectory ? directory.hasIssuer(issuer) : directory.formats.includes('iss_sub');

const fixFor = (directory: UserDirectory, issuer: string): string =>
  directory instanceof TypeOrmUserDirectory
    ? `users.iss_sub has no '${issuer}', so its logout tokens cannot name a user: map it to the property that contains its \`sub\``
    : 'userDirectory does not support the format iss_sub, so its logout tokens cannot name a user: add it to `formats`';
