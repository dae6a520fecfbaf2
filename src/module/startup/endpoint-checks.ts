import type { EndpointRoute } from '../http/endpoint-route.js';
import { fatal, type Finding } from './finding.js';

/** Checks that the endpoint has exactly one URL to publish. */
export function endpointFindings(route: EndpointRoute): Finding[] {
  const findings: Finding[] = [];
  const declarations = route.declarations();
  if (declarations > 1) {
    const message = `forRoot was called ${declarations} times for the path ${route.declaredPath}: call it once, and import the object that it returned wherever its services are needed, or set \`isGlobal: true\``;
    findings.push(fatal('path', message));
  }
  const pattern = route.paths().find((path) => /[:*{]/.test(path));
  if (pattern !== undefined) {
    const message = `the endpoint has no fixed URL, because its path is the pattern ${pattern}: exclude it from the global prefix, \`setGlobalPrefix(prefix, { exclude: ['${route.declaredPath}'] })\`, or give it a \`path\` without parameters`;
    findings.push(fatal('path', message));
  }
  const unfit = /[^\w.~$&',;=@/:*{}-]/.exec(route.declaredPath)?.[0];
  if (unfit !== undefined) {
    const message = `path '${route.declaredPath}' has the character '${unfit}', which is not allowed: use letters, digits, -, _, . and /`;
    findings.push(fatal('path', message));
  }
  return findings;
}
