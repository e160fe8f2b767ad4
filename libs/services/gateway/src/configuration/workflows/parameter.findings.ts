import type { JsonObject } from '@headrace/contracts';
import type { ProviderCatalogue } from '@headrace/providers';
import type { Finding, NamedTarget } from './workflow.findings.js';

/** What the parameters of a workflow are judged by. */
export interface ParameterContext {
  readonly catalogue: ProviderCatalogue;
  readonly hasStructuredOutput: boolean;
}

/** Parameters that would say again, or otherwise, what a field of the workflow or of the request says. */
const places: Readonly<Record<string, string>> = {
  provider: 'Say it in provider.',
  model: 'Say it in model.',
  messages: 'They come with the request; words for all of them belong into system_instructions.',
  stream: 'Say it in stream, or in the request.',
  stream_options: 'Say it in the request.',
};

/** What is wrong with the parameters of a workflow, or may be. */
export function parameterFindings(
  parameters: JsonObject,
  targets: readonly NamedTarget[],
  context: ParameterContext,
): Finding[] {
  return [
    ...contradictions(parameters, context.hasStructuredOutput),
    ...formatFindings(parameters),
    ...supportFindings(parameters, targets, context.catalogue),
  ];
}

function contradictions(parameters: JsonObject, hasStructuredOutput: boolean): Finding[] {
  const findings = Object.entries(places)
    .filter(([name]) => Object.hasOwn(parameters, name))
    .map(([name, place]) => contradiction(name, `is no parameter of a workflow. ${place}`));
  if (isGiven(parameters, 'max_tokens') && isGiven(parameters, 'max_completion_tokens')) {
    findings.push(contradiction('max_tokens', 'and max_completion_tokens are two names of one limit. Give one.'));
  }
  if (isGiven(parameters, 'response_format') && hasStructuredOutput) {
    const problem = 'cannot stand beside structured_output_id, which says how answers look. Give one.';
    findings.push(contradiction('response_format', problem));
  }
  return findings;
}

function contradiction(name: string, problem: string): Finding {
  const param = `parameters.${name}`;
  return { code: 'contradiction', severity: 'error', param, message: `${param} ${problem}` };
}

/** A schema that stands here would go to the provider, and no answer would be checked against it. */
function formatFindings({ response_format: format }: JsonObject): Finding[] {
  if (format === undefined || format === null) return [];
  const type = typeof format === 'object' && !Array.isArray(format) ? format.type : undefined;
  if (type === 'text' || type === 'json_object') return [];
  const problem = 'must be of type text or json_object. Save a schema as a structured output, and name that.';
  return [contradiction('response_format', problem)];
}

/** A parameter that no model takes is a mistake; one that some do not take is left out for those. */
function supportFindings(
  parameters: JsonObject,
  targets: readonly NamedTarget[],
  catalogue: ProviderCatalogue,
): Finding[] {
  const refusals = targets.map((target) => ({
    target,
    refused: catalogue.unsupportedParameters(target.provider, target.model, parameters),
  }));
  const names = new Set(refusals.flatMap(({ refused }) => refused));
  const unsupported = [...names].map((name): Finding => {
    const without = refusals.filter(({ refused }) => refused.includes(name)).map(({ target }) => target);
    const isUseless = without.length === targets.length;
    const list = without.map(({ provider, model }) => `${model} of ${provider}`).join(', ');
    const param = `parameters.${name}`;
    const consequence = isUseless ? 'Take it out.' : 'It is left out there.';
    return {
      code: 'unsupported_parameter',
      severity: isUseless ? 'error' : 'warning',
      param,
      message: `${param} is not supported by ${list}. ${consequence}`,
    };
  });
  return [...unsupported, ...targets.flatMap((target) => impossibility(parameters, target, catalogue))];
}

/** What cannot be left out either: every call of that model would fail. */
function impossibility(parameters: JsonObject, target: NamedTarget, catalogue: ProviderCatalogue): Finding[] {
  const { provider, model, path } = target;
  const problem = catalogue.impossibleParameters(provider, model, parameters);
  if (problem === undefined) return [];
  const param = `${path}model`;
  return [{ code: 'unsupported_parameter', severity: 'error', param, message: `${param}: ${problem}` }];
}

const isGiven = (parameters: JsonObject, name: string): boolean => (parameters[name] ?? null) !== null;
