import { Inject, Injectable } from '@nestjs/common';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import type { CallerLimits, Connection } from '../../options/caller.options.js';
import { EndpointRoute } from '../../http/endpoint-route.js';
import { GLOBAL_REVOCATION_OPTIONS, type GlobalRevocationOptions } from '../../options/global-revocation.options.js';
import { ASSERTION_ALGORITHMS } from './assertion.js';
import type { AssertionRule } from './assertion-check.js';
import { connectionsProblem } from './connection-rules.js';
import { KeySources } from '../keys/key-sources.js';

const TOLERANCE_SECONDS = 10;
/** @see https://developer.okta.com/docs/guides/oin-universal-logout-overview/ */
const LIFETIME_SECONDS = 300;
const FORMATS = ['email', 'iss_sub'];

/** A connection, ready to check assertions by. */
export interface PreparedConnection {
  id: string;
  limits: CallerLimits;
  /** Whether its JWTs may have no `typ`. */
  acceptUntyped: boolean;
  rule: AssertionRule;
}

/** The configured connections. */
@Injectable()
export class Connections {
  private readonly connections: ReadonlyArray<Connection & { source: JWTVerifyGetKey }>;

  /** @throws Error that names what is wrong in the options */
  constructor(
    @Inject(GLOBAL_REVOCATION_OPTIONS) { connections = [] }: GlobalRevocationOptions,
    @Inject(EndpointRoute) private readonly route: EndpointRoute,
    @Inject(KeySources) sources: KeySources,
  ) {
    const problem = connectionsProblem(connections);
    if (problem !== undefined) throw new Error(`GlobalRevocationModule: the option connections${problem}`);
    this.connections = connections.map((each) => ({ ...each, source: sources.ofConnection(each.keys) }));
  }

  /** The one connection whose assertion this may be. */
  find({ iss, sub }: JWTPayload): PreparedConnection | undefined {
    const own = this.connections.filter(({ issuers }) => iss !== undefined && issuers.includes(iss));
    const found = own.find(({ subject }) => subject === sub) ?? (own.length === 1 ? own[0] : undefined);
    if (!found) return undefined;
    return {
      id: found.id,
      acceptUntyped: found.acceptUntyped ?? false,
      limits: { formats: FORMATS, ...found.limits },
      rule: {
        keys: found.source,
        algorithms: found.algorithms ?? ASSERTION_ALGORITHMS,
        subject: found.subject,
        audience: found.audience ?? this.route.url(),
        claims: ['iat'],
        toleranceSeconds: found.clockToleranceSeconds ?? TOLERANCE_SECONDS,
        lifetimeSeconds: LIFETIME_SECONDS,
      },
    };
  }
}
