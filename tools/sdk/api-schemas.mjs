/**
 * What the SDKs have types of: which schemas of the OpenAPI document, under which names, in which files. Whatever one of
 * them refers to comes into the first file that needs it.
 */

/** Files of `@headrace/node`, each with the schemas that it has. */
export const files = {
  deliveries: ['DeliveryView', 'DeadLetterView', 'DeadLetterDetailView'],
  replays: ['NewReplayDto', 'ReplayView'],
  workflows: ['NewWorkflowDto', 'WorkflowChangesDto', 'WorkflowView', 'DeletedView'],
  'workflow-versions': ['WorkflowVersionView', 'WorkflowDiffView'],
  'structured-outputs': ['NewStructuredOutputDto', 'StructuredOutputChangesDto', 'StructuredOutputView'],
  webhooks: [
    'NewWebhookDto',
    'WebhookChangesDto',
    'WebhookView',
    'WebhookWithSecretView',
    'SecretRotationDto',
    'WebhookTestView',
    'WebhookStatsView',
  ],
  'provider-credentials': ['NewProviderCredentialDto', 'ProviderCredentialChangesDto', 'ProviderCredentialView'],
  'api-keys': ['NewApiKeyDto', 'ApiKeyView', 'ApiKeyWithValueView'],
  projects: [
    'NewProjectDto',
    'ProjectChangesDto',
    'ProjectView',
    'ProjectWithKeyView',
    'SigningSecretView',
    'ProjectTokenView',
  ],
  limits: ['RateLimitsDto', 'BudgetDto', 'BudgetsView'],
  prices: ['NewPricesDto', 'PricesView', 'PriceVersionView', 'PriceVersionsView'],
  models: ['ModelDto', 'ModelListDto'],
};

/** Where the name in the document, without its `Dto` or `View`, would not do. */
const names = {
  // An endpoint, its deliveries and their attempts are different things.
  NewWebhookDto: 'NewWebhookEndpoint',
  WebhookChangesDto: 'WebhookEndpointChanges',
  WebhookView: 'WebhookEndpoint',
  WebhookWithSecretView: 'WebhookEndpointWithSecret',
  WebhookStatsView: 'WebhookEndpointStats',
  WebhookTestView: 'WebhookTestResult',
  // What is set, and what stands there with what was spent.
  BudgetDto: 'BudgetSetting',
  PriceDto: 'OwnPrice',
  PricesView: 'PriceTable',
};

/** The name of a schema's type. */
export const nameOf = (schema) => names[schema] ?? schema.replace(/(Dto|View)$/, '');

/** Whether a type is what the system answers, not what it is given. */
export const isAnswer = (schema) => schema.endsWith('View');

/** The schemas that one refers to. */
export function referencesOf(schema) {
  if (Array.isArray(schema)) return schema.flatMap(referencesOf);
  if (typeof schema !== 'object' || schema === null) return [];
  if (typeof schema.$ref === 'string') return [targetOf(schema)];
  return Object.values(schema).flatMap(referencesOf);
}

/** The name that a `$ref` stands for. */
export const targetOf = ({ $ref }) => $ref.slice($ref.lastIndexOf('/') + 1);

/** Every schema that is wanted, by file; those that others need come before them. */
export function schemasByFile(document) {
  const { schemas } = document.components;
  const taken = new Set();
  const withNeeded = (name) => {
    if (taken.has(name)) return [];
    taken.add(name);
    if (!schemas[name]) throw new Error(`The OpenAPI document has no schema "${name}".`);
    return [...referencesOf(schemas[name]).flatMap(withNeeded), name];
  };
  const byFile = new Map(Object.entries(files).map(([file, wanted]) => [file, wanted.flatMap(withNeeded)]));
  const typeNames = [...byFile.values()].flat().map(nameOf);
  const twice = typeNames.find((name, at) => typeNames.indexOf(name) !== at);
  if (twice) throw new Error(`Two schemas would be called "${twice}": give one of them another name here.`);
  return byFile;
}

/** The codes of errors, in the order of the document. */
export const errorCodesOf = ({ components }) => components.schemas.Error.properties.error.properties.code.enum;
