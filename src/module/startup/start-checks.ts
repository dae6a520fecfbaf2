import { Inject, Injectable, Logger, type OnModuleInit, Optional } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModuleRef } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import { REVOCATION_DATA_SOURCE } from '../database/revocation-data-source.js';
import { EndpointRoute } from '../http/endpoint-route.js';
import { GLOBAL_REVOCATION_OPTIONS, type ResolvedOptions } from '../options/global-revocation.options.js';
import { RevocationTargets } from '../revocation/targets/revocation-targets.js';
import { TypeOrmUserDirectory } from '../subject/typeorm-user-directory.js';
import { UserDirectory } from '../subject/user-directory.js';
import { accountIdFindings } from './account-id-checks.js';
import { charsetFindings } from './charset-checks.js';
import { clusterFindings } from './cluster-checks.js';
import { databaseFindings } from './database-checks.js';
import { WellKnownDocuments } from '../endpoint/well-known-documents.js';
import { endpointFindings } from './endpoint-checks.js';
import { guardFindings } from './guard-checks.js';
import { metadataFindings } from './metadata-checks.js';
import { logoutFindings } from './logout-checks.js';
import { claimTables, issuerFindings } from './issuer-checks.js';
import { missingEntities, unreadableTables } from './entity-checks.js';
import { fatal, type Finding } from './finding.js';
import { scopeFindings } from './scope-checks.js';
import { foreignTargets, targetFindings, unsweptTargets } from './target-checks.js';
import { unmatchedTargets } from './target-id-checks.js';
import { userFindings } from './user-checks.js';
import { versionFindings } from './version-checks.js';

/** Injection token of the entities that this configuration of the module needs. */
export const NEEDED_ENTITIES = Symbol('NEEDED_ENTITIES');

/**
 * Injection token of the setting `startChecks` for tools that administer an application, which must start despite findings.
 * If a global module provides it, it overrides the option `startChecks`.
 *
 * @publicApi
 */
export const ADMINISTERED_START_CHECKS = Symbol('ADMINISTERED_START_CHECKS');

/** Runs the startup checks, which report problems and their fixes before the first request. @publicApi */
@Injectable()
export class StartChecks implements OnModuleInit {
  private readonly logger = new Logger('GlobalRevocation');

  constructor(
    @Inject(REVOCATION_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(GLOBAL_REVOCATION_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(NEEDED_ENTITIES) private readonly entities: ReadonlyArray<new () => object>,
    @Inject(ModuleRef) private readonly modules: ModuleRef,
    @Inject(RevocationTargets) private readonly targets: RevocationTargets,
    @Inject(EndpointRoute) private readonly route: EndpointRoute,
    @Inject(WellKnownDocuments) private readonly documents: WellKnownDocuments,
    @Inject(HttpAdapterHost) private readonly http: HttpAdapterHost,
    @Inject(ApplicationConfig) private readonly config: ApplicationConfig,
    @Optional()
    @Inject(ADMINISTERED_START_CHECKS)
    private readonly administered?: ResolvedOptions['startChecks'],
  ) {}

  /** @throws Error with all fatal findings, if the option `startChecks` is `refuse` */
  async onModuleInit(): Promise<void> {
    const startChecks = this.administered ?? this.options.startChecks;
    if (startChecks === 'off') return;
    const findings = await this.findings();
    this.report(findings, startChecks);
    if (findings.some(({ check }) => check === 'issuer')) return;
    this.report(await claimTables(this.dataSource, this.options.issuer), startChecks);
  }

  private report(findings: readonly Finding[], startChecks: ResolvedOptions['startChecks']): void {
    const refused = findings.filter(({ isFatal }) => isFatal && startChecks === 'refuse');
    for (const finding of findings) if (!refused.includes(finding)) this.logger.warn(finding.message);
    if (refused.length > 0)
      throw new Error(`GlobalRevocationModule: ${refused.map(({ message }) => message).join('\n')}`);
  }

  /** Returns all findings; empty if all is well. @throws the driver's error if the database does not answer */
  async findings(): Promise<Finding[]> {
    const { users, production, sweepIntervalMs } = this.options;
    const versions = versionFindings(this.dataSource);
    if (versions.length > 0) return versions;
    const scopes = scopeFindings(this.modules);
    if (scopes.length > 0) return scopes;
    const directory = this.modules.get(UserDirectory);
    const isOurDirectory = directory instanceof TypeOrmUserDirectory;
    return [
      ...missingEntities(this.dataSource, this.entities),
      ...(await unreadableTables(this.dataSource)),
      ...(await issuerFindings(this.dataSource, this.options.issuer)),
      ...(isOurDirectory ? await userFindings(this.dataSource, users!) : []),
      ...(await accountIdFindings(this.dataSource)),
      ...this.targets.findings.map(({ message }) => fatal('targets', message)),
      ...(await targetFindings(this.dataSource, this.targets.plans)),
      ...(isOurDirectory ? await unmatchedTargets(this.dataSource, this.targets.plans, users) : []),
      ...(await foreignTargets(this.dataSource, this.targets.names)),
      ...unsweptTargets(this.targets.plans, sweepIntervalMs),
      ...(await databaseFindings(this.dataSource, production)),
      ...(await clusterFindings(this.dataSource, production)),
      ...(await charsetFindings(this.dataSource)),
      ...endpointFindings(this.route),
      ...logoutFindings(this.options, { directory, route: this.route, dataSource: this.dataSource }),
      ...metadataFindings(this.http, this.documents.paths),
      ...guardFindings(this.config, this.route.controller),
    ];
  }
}
