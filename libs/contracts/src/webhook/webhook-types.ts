/** Types of webhooks that tell of a request (CONTRACT section 2). */
export const taskWebhookTypes = ['task.completed', 'task.ai_generated', 'task.reminder', 'task.failed'] as const;
export type TaskWebhookType = (typeof taskWebhookTypes)[number];

/** Types of webhooks that tell of the system itself. An endpoint gets them only when it names them. */
export const operationalWebhookTypes = ['headrace.endpoint.disabled', 'headrace.budget.reached'] as const;
export type OperationalWebhookType = (typeof operationalWebhookTypes)[number];

/** Every `type` that a webhook body can have. */
export const webhookTypes = [...taskWebhookTypes, ...operationalWebhookTypes] as const;
export type WebhookType = (typeof webhookTypes)[number];
