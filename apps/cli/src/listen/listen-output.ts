import type { WebhookFrame, WelcomeFrame } from '@headrace/contracts';
import { parsed } from '../api/api.js';
import type { Surroundings } from '../surroundings.js';
import type { LocalOutcome } from './local-server.js';

/** How a listener shows what happens. */
export interface ListenOutput {
  welcome(welcome: WelcomeFrame): void;
  webhook(webhook: WebhookFrame, outcome: LocalOutcome): void;
  lost(reason: string, againInMs: number): void;
  ended(): void;
}

/** What is known of a listener before anything happens. */
export interface ListenFacts {
  readonly url: string;
  readonly forward: URL;
  /** Whether the secret was given; one that the server made is shown. */
  readonly hasSecret: boolean;
  readonly printBody: boolean;
}

const workflowOf = ({ body }: WebhookFrame): string => {
  const workflow = (parsed(body) as { readonly workflow?: unknown } | undefined)?.workflow;
  return typeof workflow === 'string' ? workflow : '-';
};

/** The URL without what a person may have put before its host. */
const shown = ({ origin, pathname, search }: URL): string => `${origin}${pathname}${search}`;

/** What another program or a terminal makes of control characters is nobody's wish. */
const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\uFFFD');

/** Lines for people: one for each webhook. */
export function linesForPeople(
  { print, note }: Surroundings,
  facts: ListenFacts,
  now = () => new Date(),
): ListenOutput {
  let session: string | undefined;
  return {
    welcome(welcome) {
      if (welcome.session === session) return note('Connected again; nothing was lost.');
      if (session !== undefined) note('The session was over before the connection was back; this is a new one.');
      session = welcome.session;
      note(`Listening at ${facts.url} for ${shown(facts.forward)} (session ${session}). Stop with Ctrl-C.`);
      note(
        facts.hasSecret
          ? 'Webhooks are signed with the secret that you gave.'
          : `Webhooks are signed with ${welcome.secret} (for this session; choose one with --secret).`,
      );
    },
    webhook(webhook, outcome) {
      const time = now().toTimeString().slice(0, 8);
      const attempt = webhook.attempt > 1 ? ` attempt ${webhook.attempt}` : '';
      const result = outcome.type === 'answer' ? String(outcome.status) : `failed: ${outcome.code}`;
      const { webhook_type: type, channel_id: channel } = webhook;
      print(
        printable(
          `${time} ${type} ${workflowOf(webhook)} ${channel}${attempt} → ${result} in ${outcome.duration_ms} ms`,
        ),
      );
      if (outcome.type === 'failure') print(printable(`         ${outcome.message}`));
      if (!facts.printBody) return;
      print(printable(indented(webhook.body)));
      if (outcome.type === 'answer' && outcome.body !== '') print(printable(indented(outcome.body)));
    },
    lost: (reason, againInMs) => note(`${reason} Trying again in ${(againInMs / 1_000).toFixed(1)} s.`),
    ended: () => note('The session has ended.'),
  };
}

/** One JSON object for each thing that happens. */
export function linesOfJson({ print }: Surroundings, facts: ListenFacts, now = () => new Date()): ListenOutput {
  const line = (event: string, fields: object) => print(JSON.stringify({ event, at: now().toISOString(), ...fields }));
  return {
    welcome: ({ session, resumed, secret, project_id }) =>
      line('listening', {
        session,
        resumed,
        project_id,
        forward: shown(facts.forward),
        ...(facts.hasSecret ? {} : { secret }),
      }),
    webhook: (webhook, { type: _type, id: _id, ...outcome }) => {
      const { webhook_type: type, channel_id, delivery_id, attempt, body } = webhook;
      const { body: answerBody, ...rest } = { body: undefined, ...outcome };
      line('webhook', {
        type,
        workflow: workflowOf(webhook),
        channel_id,
        delivery_id,
        attempt,
        ...rest,
        ...(facts.printBody ? { body, response_body: answerBody ?? null } : {}),
      });
    },
    lost: (reason, againInMs) => line('lost', { reason, again_in_ms: againInMs }),
    ended: () => line('ended', {}),
  };
}

function indented(text: string): string {
  const value = parsed(text);
  return (value === undefined ? text : JSON.stringify(value, null, 2)).replace(/^/gm, '         ');
}
