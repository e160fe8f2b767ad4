/** Writes schemas of the OpenAPI document as TypeScript. */
import { errorCodesOf, isAnswer, nameOf, referencesOf, schemasByFile, targetOf } from './api-schemas.mjs';

const head = '// Made of the OpenAPI document by tools/sdk/generate-types.mjs: change the classes that it describes.\n';

/** The text of each file, by its name without extension. */
export function typeScriptFiles(document) {
  const byFile = schemasByFile(document);
  const homes = new Map([...byFile].flatMap(([file, names]) => names.map((name) => [name, file])));
  const codes = errorCodesOf(document).map((code) => `  | ${JSON.stringify(code)}\n`);
  const errors = `${head}\n/** The codes of error answers: see the table of errors in the documentation. */\nexport type ErrorCode =\n${codes.join('')};\n`;
  return new Map([
    ['errors', errors],
    ...[...byFile].map(([file, names]) => {
      const body = names.map((name) => interfaceOf(name, document.components.schemas[name])).join('\n');
      return [file, `${head}${importsOf(file, names, homes, document, body)}\n${body}`];
    }),
  ]);
}

function importsOf(file, names, homes, document, body) {
  const needed = new Set(names.flatMap((name) => referencesOf(document.components.schemas[name])));
  const byHome = new Map();
  for (const name of needed) {
    const home = homes.get(name);
    if (home !== file) byHome.set(home, [...(byHome.get(home) ?? []), nameOf(name)]);
  }
  const lines = [...byHome].map(([home, types]) => `import type { ${types.sort().join(', ')} } from './${home}.js';`);
  const json = ['Json', 'JsonObject'].filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  if (json.length > 0) lines.unshift(`import type { ${json.join(', ')} } from '../json.js';`);
  return lines.map((line) => `${line}\n`).join('');
}

function interfaceOf(name, { description, properties = {}, required = [] }) {
  const fields = Object.entries(properties).map(([field, schema]) => {
    const mark = required.includes(field) ? '' : '?';
    return `${commentOf(schema.description, '  ')}  readonly ${field}${mark}: ${typeOf(schema, isAnswer(name))};\n`;
  });
  return `${commentOf(description, '')}export interface ${nameOf(name)} {\n${fields.join('')}}\n`;
}

const commentOf = (text, indent) => (text ? `${indent}/** ${text.replaceAll('*/', '* /')} */\n` : '');

/** Objects of any form: JSON when they are answers; what is given may be of any class. */
const anyObject = (answers) => (answers ? 'JsonObject' : 'object');
const anyValue = (answers) => (answers ? 'Json' : 'unknown');

function typeOf(schema, answers) {
  if (schema.$ref) return nameOf(targetOf(schema));
  const parts = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (parts) return unionOf(parts.map((part) => typeOf(part, answers)));
  if (schema.enum) return unionOf(schema.enum.map((value) => (value === null ? 'null' : JSON.stringify(value))));
  if (!schema.type) return anyValue(answers);
  return unionOf([schema.type].flat().map((type) => simpleTypeOf(type, schema, answers)));
}

function simpleTypeOf(type, schema, answers) {
  switch (type) {
    case 'integer':
      return 'number';
    case 'array':
      return `readonly (${typeOf(schema.items ?? {}, answers)})[]`;
    case 'object':
      return objectTypeOf(schema, answers);
    default:
      return type;
  }
}

function objectTypeOf({ properties, required = [], additionalProperties }, answers) {
  if (properties) {
    const fields = Object.entries(properties).map(
      ([name, schema]) => `readonly ${name}${required.includes(name) ? '' : '?'}: ${typeOf(schema, answers)}`,
    );
    return `{ ${fields.join('; ')} }`;
  }
  if (typeof additionalProperties !== 'object') return anyObject(answers);
  return `Readonly<Record<string, ${typeOf(additionalProperties, answers)}>>`;
}

const unionOf = (types) => [...new Set(types)].join(' | ');
