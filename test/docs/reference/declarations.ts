import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { type DocComment, readComment } from './doc-comment.js';

/** A property where it is declared. */
export interface Declared extends DocComment {
  name: string;
  /** For messages: file, declaration and property. */
  place: string;
  /** As it is written; the type of an initial value when there is none. */
  type: string | undefined;
  optional: boolean;
  /** Whether it is a variant of a union. */
  isOneOf: boolean;
}

/** What is declared under a name: an interface, a type, a class, or the object that a constant is. */
export interface Declaration extends DocComment {
  place: string;
  properties: Declared[];
}

/** @throws Error when the file does not declare that */
export function declarationOf(file: string, name: string): Declaration {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = source.statements.find((statement) => nameOf(statement) === name);
  if (!found) throw new Error(`${file} does not declare ${name}`);
  const place = `${file}: ${name}`;
  return { ...commentOf(found), place, properties: membersOf(found).map((member) => propertyOf(member, place)) };
}

function nameOf(statement: ts.Statement): string | undefined {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0]!.name.getText();
  const isNamed =
    ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || ts.isClassDeclaration(statement);
  return isNamed ? statement.name?.text : undefined;
}

type Property = ts.PropertySignature | ts.PropertyDeclaration | ts.PropertyAssignment;

/** The outermost properties in a declaration; of a union, those of every variant. */
function membersOf(node: ts.Node): Property[] {
  const isProperty = ts.isPropertySignature(node) || ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node);
  if (isProperty) return [node];
  const found: Property[] = [];
  node.forEachChild((child) => void found.push(...membersOf(child)));
  return found;
}

const propertyOf = (node: Property, place: string): Declared => ({
  ...commentOf(node),
  name: node.name.getText(),
  place: `${place}.${node.name.getText()}`,
  type: inOneLine(typeOf(node)),
  optional: !ts.isPropertySignature(node) || node.questionToken !== undefined,
  isOneOf: ts.isUnionTypeNode(node.parent.parent),
});

function typeOf(node: Property): string | undefined {
  if (!ts.isPropertyAssignment(node)) return node.type?.getText();
  const { initializer: value } = node;
  if (ts.isAsExpression(value)) return value.type.getText();
  if (ts.isStringLiteral(value)) return 'string';
  return value.kind === ts.SyntaxKind.FalseKeyword || value.kind === ts.SyntaxKind.TrueKeyword ? 'boolean' : undefined;
}

/** Without comments, and without what the formatter puts there for several lines. */
const inOneLine = (type: string | undefined): string | undefined =>
  type
    ?.replaceAll(/\/\*[^]*?\*\/| \| undefined$|^\s*\|\s*/g, '')
    .replaceAll(/;?\s+(?=\})/g, ' ')
    .replaceAll(/\s+/g, ' ');

function commentOf(node: ts.Node): DocComment {
  const text = node.getSourceFile().getFullText();
  const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  const comments = ranges.map(({ pos, end }) => text.slice(pos, end)).filter((comment) => comment.startsWith('/**'));
  return readComment(comments.at(-1));
}
