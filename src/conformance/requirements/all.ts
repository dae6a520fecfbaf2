import type { RequirementGroup } from '../requirement.js';
import { authority } from './authority.js';
import { backchannelLogout } from './backchannel-logout.js';
import { caller } from './caller.js';
import { clientAssertion } from './client-assertion.js';
import { effects } from './effects.js';
import { identifiers } from './identifiers.js';
import { identityProvider } from './identity-provider.js';
import { metadata } from './metadata.js';
import { request } from './request.js';
import { senderConstrained } from './sender-constrained.js';
import { sharedSignals } from './shared-signals.js';
import { statusList } from './status-list.js';

/** All requirements, in the order in which they are tested. */
export const groups: readonly RequirementGroup[] = [
  metadata,
  request,
  caller,
  authority,
  identifiers,
  effects,
  statusList,
  clientAssertion,
  senderConstrained,
  identityProvider,
  backchannelLogout,
  sharedSignals,
];
