import { webhookHeaders, type ErrorDetail } from '@headrace/contracts';

const mostHeaders = 20;
const longestHeader = 4_096;
const longestInAll = 8_192;

/** RFC 9110 section 5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** What goes over the wire as it is: no control characters, nothing beyond Latin-1, no space around it. */
const fieldValue = /^(?:[\x21-\x7e\xa1-\xff](?:[\x20-\x7e\xa0-\xff]*[\x21-\x7e\xa1-\xff])?)?$/;

/** A value as answers show it. */
const masked = /^••••/;

/** Families of names that are ours. */
const ourFamilies = /^(?:mr-|x-modelriver-|webhook-|:|proxy-)/;

/** Ours, those that belong to the connection (RFC 9110 section 7.6.1), and those that would change what a body is. */
const ourNames = new Set([
  ...Object.values(webhookHeaders).map((name) => name.toLowerCase()),
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'tracestate',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);

/** Everything that is wrong with an endpoint's own headers, each under `headers.<name>`. */
export function headerViolations(headers: unknown, param = 'headers'): ErrorDetail[] {
  if (headers === null || headers === undefined) return [];
  const wrong = (field: string, problem: string): ErrorDetail => ({ param: field, message: `${field} ${problem}.` });
  if (typeof headers !== 'object' || Array.isArray(headers)) {
    return [wrong(param, 'must be an object of names and texts, or null')];
  }
  const entries = Object.entries(headers);
  if (entries.length > mostHeaders) return [wrong(param, `must not have more than ${mostHeaders} headers`)];
  const seen = new Set<string>();
  const problems = entries.flatMap(([name, value]: [string, unknown]) => {
    const problem = problemOf(name, value, seen);
    seen.add(name.toLowerCase());
    return problem === undefined ? [] : [wrong(`${param}.${name.slice(0, 100)}`, problem)];
  });
  const length = entries.reduce((sum, [name, value]) => sum + name.length + String(value).length, 0);
  if (problems.length > 0 || length <= longestInAll) return problems;
  return [wrong(param, `must not be longer than ${longestInAll} characters in all, names and values together`)];
}

function problemOf(name: string, value: unknown, seen: ReadonlySet<string>): string | undefined {
  const lower = name.toLowerCase();
  if (ourNames.has(lower) || ourFamilies.test(lower)) {
    return 'is set by the system itself, or belongs to the connection. Choose another name';
  }
  if (!token.test(name)) return "is not a valid header name: letters, digits and any of !#$%&'*+-.^_`|~ make one";
  if (seen.has(lower)) return 'is given twice: upper and lower case make no difference';
  if (typeof value !== 'string') return 'must be a text';
  if (masked.test(value)) return 'is the mask of a value. Send the value itself, or leave `headers` out to keep all';
  if (!fieldValue.test(value)) {
    return 'must be of Latin-1 characters, without control characters such as line ends, and without space around';
  }
  return name.length + value.length > longestHeader
    ? `must not be longer than ${longestHeader} characters, name and value together`
    : undefined;
}
