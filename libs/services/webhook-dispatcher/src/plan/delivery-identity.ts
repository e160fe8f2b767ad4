import { hash } from 'node:crypto';
import { adHocEndpointPrefix, type WebhookType } from '@headrace/contracts';

/*
 * Ids that follow from what they name, so that planning the same delivery again finds it there already, and that
 * fit into a subject: letters, digits, `-` and `_`.
 */

/** 132 bits: far beyond any chance of two names meeting. */
const digest = (...parts: readonly string[]): string => hash('sha256', parts.join('\n'), 'base64url').slice(0, 22);

/** The id of the one delivery of a webhook type of a request to an endpoint. */
export const deliveryIdOf = (channel: string, endpointId: string, type: WebhookType): string =>
  `dlv_${digest(channel, endpointId, type)}`;

/** `webhook-id`: the same for every endpoint, attempt and replay of one payload. */
export const messageIdOf = (channel: string, type: WebhookType): string => `msg_${digest(channel, type)}`;

/** Stands for the endpoint id where a request brought a URL of its own. */
export const adHocEndpointId = (url: string): string => `${adHocEndpointPrefix}${digest(url)}`;
