import type { callbackReminded } from '../events/callback.events.js';
import type { DataOf } from '../event.js';
import { metaOf } from '../wire/meta.js';
import { roundOf, type WebhookBody } from './webhook-body.js';

/**
 * The webhook that reminds a backend of a callback that is still awaited: what `task.ai_generated` said, and how long
 * it has been waiting. It has to be answered like that one.
 */
export function reminderBodyOf(
  channel: string,
  { context, generation, output, number, generatedAt, callbackDeadline, remindedAt }: DataOf<typeof callbackReminded>,
  callbackUrl: string,
): WebhookBody {
  return {
    type: 'task.reminder',
    event: context.eventName,
    workflow: context.workflow,
    status: 'success',
    channel_id: channel,
    ...roundOf(context),
    reminder: { number, waiting_since: generatedAt, deadline: callbackDeadline },
    ai_response: { data: output.data },
    data: output.data,
    callback_url: callbackUrl,
    callback_required: true,
    customer_data: context.customerData,
    meta: metaOf(context, generation, 'success'),
    timestamp: remindedAt,
  };
}
