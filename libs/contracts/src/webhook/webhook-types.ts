/** Every `type` that a webhook body can have (CONTRACT section 2). */
export const webhookTypes = ['task.completed', 'task.ai_generated', 'task.failed'] as const;
export type WebhookType = (typeof webhookTypes)[number];
