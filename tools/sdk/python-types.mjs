/** Writes schemas of the OpenAPI document as Python, for 3.9 and newer. */
import { errorCodesOf, isAnswer, nameOf, schemasByFile, targetOf } from './api-schemas.mjs';

const lineWidth = 120;
const keywords = new Set([
  'from',
  'to',
  'in',
  'is',
  'not',
  'and',
  'or',
  'if',
  'else',
  'class',
  'def',
  'global',
  'pass',
]);
keywords.delete('to');

const head = `"""Shapes of the configuration, in the words of the wire. At run time these are plain dicts."""

# Made of the OpenAPI document by tools/sdk/generate-types.mjs: change the classes that it describes.

from __future__ import annotations

from typing import Any, Literal, Mapping, Optional, Sequence, TypedDict, Union
`;

/** The text of the one module. */
export function pythonModule(document) {
  const names = [...schemasByFile(document).values()].flat();
  const codes = errorCodesOf(document).map((code) => `    ${JSON.stringify(code)},\n`);
  const errors = `#: The codes of error answers: see the table of errors in the documentation.\nErrorCode = Literal[\n${codes.join('')}]\n`;
  const classes = names.map((name) => classOf(name, document.components.schemas[name]));
  return [`${head}\n${errors}`, ...classes].join('\n\n');
}

/** Fields that may be missing need a class of their own before Python 3.11. */
function classOf(schemaName, { description, properties = {}, required = [] }) {
  const name = nameOf(schemaName);
  const fields = Object.entries(properties).map(([field, schema]) => ({
    field,
    comment: schema.description,
    type: unionOf(typesOf(schema, isAnswer(schemaName))),
  }));
  const must = fields.filter(({ field }) => required.includes(field));
  const may = fields.filter(({ field }) => !required.includes(field));
  if (may.length === 0) return definitionOf(name, 'TypedDict', must, description);
  if (must.length === 0) return definitionOf(name, 'TypedDict, total=False', may, description);
  const base = `_${name}Optional`;
  return `${definitionOf(base, 'TypedDict, total=False', may)}\n\n${definitionOf(name, base, must, description)}`;
}

function definitionOf(name, is, fields, description) {
  if (fields.some(({ field }) => keywords.has(field))) return callOf(name, is, fields);
  const lines = fields.map(
    ({ field, type, comment }) => `${commentOf(comment, '    ')}${wrapped(`    ${field}: ${type}`)}\n`,
  );
  const doc = description ? `    """${description}"""\n\n` : '';
  return `class ${name}(${is}):\n${doc}${lines.join('')}`;
}

/** Names that are words of the language can only stand in strings; types are read at once there. */
function callOf(name, is, fields) {
  if (!is.startsWith('TypedDict')) throw new Error(`${name} has required fields that are words of Python, and others.`);
  const indent = ' '.repeat(8);
  const lines = fields.map(
    ({ field, type, comment }) => `${commentOf(comment, indent)}${wrapped(`${indent}"${field}": ${type},`)}\n`,
  );
  const total = is.includes('total=False') ? '    total=False,\n' : '';
  return `${name} = TypedDict(\n    "${name}",\n    {\n${lines.join('')}    },\n${total})\n`;
}

function commentOf(text, indent) {
  if (!text) return '';
  const lines = [];
  let line = `${indent}#:`;
  for (const word of text.split(/\s+/)) {
    if (line.length + 1 + word.length > lineWidth) {
      lines.push(line);
      line = `${indent}#:`;
    }
    line += ` ${word}`;
  }
  return [...lines, line].map((each) => `${each}\n`).join('');
}

/** A field whose line is too long has each of its values in a line. */
function wrapped(line) {
  if (line.length <= lineWidth) return line;
  const indent = line.slice(0, line.search(/\S/));
  return line.replace(/Literal\[([^\]]*)\]/, (_all, values) => {
    const lines = values.split(', ').map((value) => `${indent}    ${value},\n`);
    return `Literal[\n${lines.join('')}${indent}]`;
  });
}

/** The types of which a value has one. */
function typesOf(schema, answers) {
  if (schema.$ref) return [nameOf(targetOf(schema))];
  const parts = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (parts) return parts.flatMap((part) => typesOf(part, answers));
  if (!schema.type && !schema.enum) return ['Any'];
  const isNullable = [schema.type].flat().includes('null') || schema.enum?.includes(null);
  const nothing = isNullable ? ['None'] : [];
  if (schema.enum)
    return [
      `Literal[${schema.enum
        .filter((value) => value !== null)
        .map(literal)
        .join(', ')}]`,
      ...nothing,
    ];
  const types = [schema.type].flat().filter((type) => type !== 'null');
  return [...types.map((type) => simpleTypeOf(type, schema, answers)), ...nothing];
}

const literal = (value) => (value === true ? 'True' : value === false ? 'False' : JSON.stringify(value));

const simpleTypes = { string: 'str', integer: 'int', number: 'float', boolean: 'bool' };

/** What is given may be of any class; answers are what JSON is read as. */
function simpleTypeOf(type, { items = {}, additionalProperties }, answers) {
  if (type === 'array') return `${answers ? 'list' : 'Sequence'}[${unionOf(typesOf(items, answers))}]`;
  if (type !== 'object') return simpleTypes[type];
  const values = typeof additionalProperties === 'object' ? unionOf(typesOf(additionalProperties, answers)) : 'Any';
  return `${answers ? 'dict' : 'Mapping'}[str, ${values}]`;
}

function unionOf(types) {
  if (types.includes('Any')) return 'Any';
  const some = [...new Set(types)].filter((type) => type !== 'None');
  const union = some.length === 1 ? some[0] : `Union[${some.join(', ')}]`;
  return types.includes('None') ? `Optional[${union}]` : union;
}
