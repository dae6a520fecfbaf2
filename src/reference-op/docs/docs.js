'use strict';
/* global SwaggerUIBundle */
const root = document.getElementById('swagger');
const { scope, clientId, clientSecret } = root.dataset;

/** The operation that is open at first. */
const REVOCATION = ['operations', 'Global Token Revocation', 'globalTokenRevocation'];

/** Hides DPoP, which Swagger UI cannot sign, and the list of servers, which has one entry. */
function usable(spec) {
  delete spec.components.securitySchemes.dpop;
  for (const operation of Object.values(spec.paths).flatMap((path) => Object.values(path))) {
    operation.security = operation.security?.filter((scheme) => !('dpop' in scheme));
    operation.parameters = operation.parameters?.filter(({ name }) => name !== 'DPoP');
  }
  if (spec.servers[0].url === location.origin) delete spec.servers;
  return spec;
}

/** Labels elements that Swagger UI leaves without a fitting name. @see WCAG 2.2 §1.3.1, §2.5.3, §4.1.2 */
const NAMES = {
  'textarea.body-param__text': { 'aria-label': 'Request body' },
  '.opblock-section-request-body .examples-select-element': { 'aria-label': 'Example of a request' },
  '.responses-wrapper .examples-select-element': { 'aria-label': 'Example of an answer' },
  '.close-modal': { 'aria-label': 'Close' },
  'button.modal-btn': { 'aria-label': null },
  'div.copy-to-clipboard': { 'aria-label': null },
  '.information-container': { role: 'region', 'aria-label': 'About' },
  '.scheme-container': { role: 'region', 'aria-label': 'Authorization' },
  ':is(.modal-ux-header, .auth-container) h3': { 'aria-level': '2' },
  '.opblock-body h4, .auth-container h4': { 'aria-level': '2' },
  '.auth-container h6, .opblock-body h5': { 'aria-level': '3' },
  pre: { tabindex: '0' },
};

function name() {
  for (const [selector, attributes] of Object.entries(NAMES)) {
    for (const element of root.querySelectorAll(selector)) {
      for (const [attribute, value] of Object.entries(attributes)) {
        if (value === null) element.removeAttribute(attribute);
        else if (element.getAttribute(attribute) !== value) element.setAttribute(attribute, value);
      }
    }
  }
}

/** Swagger UI focuses the last field of its dialog, which scrolls the others away. */
function focusFirst() {
  const dialog = root.querySelector('.dialog-ux');
  if (!dialog || dialog.dataset.focused) return;
  dialog.dataset.focused = 'true';
  dialog.querySelector('input')?.focus();
}

async function start() {
  const response = await fetch('/docs-json');
  const ui = SwaggerUIBundle({
    spec: usable(await response.json()),
    domNode: root,
    docExpansion: 'list',
    defaultModelsExpandDepth: -1,
    onComplete: () => ui.layoutActions.show(REVOCATION, true),
    tryItOutEnabled: true,
    persistAuthorization: false,
    // Otherwise a wrong secret opens the browser's password dialog.
    requestInterceptor: (request) => Object.assign(request, { credentials: 'omit' }),
  });
  ui.initOAuth({ scopes: scope, clientId, clientSecret });
}

new MutationObserver(() => {
  name();
  focusFirst();
}).observe(root, { childList: true, subtree: true });
void start();
