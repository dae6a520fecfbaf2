import type { EndpointRoute } from '../http/endpoint-route.js';
import { fatal, type Finding } from './finding.js';

/** Whether there is one URL to publish. */
export function endpointFindings(route: EndpointRoute, issuer: string): Finding[] {
  const findings: Finding[] = [];
  if (!isIssuer(issuer)) {
    const message = `issuer '${issuer}' must be an http or https URL without query and fragment, e.g. https://op.example.com`;
    findings.push(fatal('issuer', message));
  }
  const declarations = route.declarations();
  if (declarations > 1) {
    const message = `forRoot was called ${declarations} times for the path ${route.declaredPath}: call it once, and import the object that it returned wherever its services are needed, or set \`isGlobal: true\``;
    findings.push(fatal('path', message));
  }
  const pattern = route.paths().find((path) => /[:*{]/.test(path));
  if (pattern !== undefined) {
    const message = `the endpoint has no URL of its own, its path is the pattern ${pattern}: leave it out of the global prefix, \`setGlobalPrefix(prefix, { exclude: ['${route.declaredPath}'] })\`, or give it a \`path\` without parameters`;
    findings.push(fatal('path', message));
  }
  const unfit = /[^\w.~$&',;=@/:*{}-]/.exec(route.declaredPath)?.[0];
  if (unfit !== undefined) {
    const message = `path '${route.declaredPath}' has the character '${unfit}', with which no URL leads to it: use letters, digits, -, _, . and /`;
    findings.push(fatal('path', message));
  }
  return findings;
}

/** @see RFC 8414 §2 */
function isIssuer(issuer: string): boolean {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && !/[?#]/.test(issuer);
}
