import { Ajv } from 'ajv';

/** The used part of an OpenAPI document. */
interface Documented {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
  components?: object;
}

/** An answer to a request. */
interface Answer {
  method: string;
  url: string;
  status: number;
  text: string;
}

const ajv = new Ajv({ strict: false, validateFormats: false });

/**
 * Holds an answer to an OpenAPI document. Requests for paths or with methods that it does not have are left
 * out, and so are answers of Nest.
 *
 * @throws Error that says what differs
 */
export function checkAnswer(document: object, { method, url, status, text }: Answer): void {
  const { paths, components } = document as Documented;
  const path = Object.keys(paths).find((each) =>
    new RegExp(`^${each.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(new URL(url).pathname),
  );
  const operation = path === undefined ? undefined : paths[path]![method.toLowerCase()];
  if (!operation || text.includes('"statusCode":404')) return;
  const title = `${method} ${path} → ${status}`;
  const response = operation.responses[status];
  if (!response) throw new Error(`${title}: the status is not documented`);
  const schema = response.content?.['application/json']?.schema;
  if ((text === '') !== (schema === undefined)) throw new Error(`${title}: only one of answer and document has a body`);
  if (schema && !ajv.validate({ ...schema, components }, JSON.parse(text)))
    throw new Error(`${title}: ${ajv.errorsText()}`);
}
