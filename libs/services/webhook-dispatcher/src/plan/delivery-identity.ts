import { hash } from 'node:crypto';
import { adHocEndpointPrefix, type WebhookType } from '@headrace/contracts';

/*
 * Ids that follow from what they name, so that planning the same delivery again finds it there already, and that
 * fit into a subject: letters, digits, `-` and `_`.
 */

/** 132 bits: far beyond any chance of two names meeting. */
const digest = (...parts: readonly string[]): string => hash('sha256', parts.join('\n'), 'base64url').slice(0, 22);

/**
 * The id of the one delivery of a webhook of a request to an endpoint. `occasion`: which of several webhooks of that
 * type it is; left out for the first, so that its id is what it has always been.
 */
export const deliveryIdOf = (channel: string, endpointId: string, type: WebhookType, ...occasion: string[]): string =>
  `dlv_${digest(channel, endpointId, type, ...occasion)}`;

/** `webhook-id`: the same for every endpoint, attempt and replay of one payload. */
export const messageIdOf = (channel: string, type: WebhookType, ...occasion: string[]): string =>
  `msg_${digest(channel, type, ...occasion)}`;

/** Stands for the endpoint id where a request brought a URL of its own. */
export const adHocEndpointId = (url: string): string => `${adHocEndpointPrefix}${digest(url)}`;
