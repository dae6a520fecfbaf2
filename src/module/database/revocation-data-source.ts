/** Injection token of the `DataSource` that the module uses: the one that the option `dataSource` names. @publicApi */
export const REVOCATION_DATA_SOURCE = Symbol('REVOCATION_DATA_SOURCE');
