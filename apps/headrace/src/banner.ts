/** What the banner tells. */
export interface BannerFacts {
  readonly publicUrl: string;
  readonly dataDirectory: string;
  /** Shown once, when it was made just now. */
  readonly newApiKey: string | undefined;
  /** Whether the key is kept in the data directory, where it was not given from outside. */
  readonly keepsApiKey: boolean;
  readonly allowsLoopback: boolean;
  readonly demoBackendUrl: string | undefined;
  readonly startedInMs: number;
}

/** What a person sees when the system is ready: where it is, the key, and the flow as lines to copy. */
export function banner(facts: BannerFacts): string {
  const { publicUrl } = facts;
  const keyFile = `${facts.dataDirectory}/api-key`;
  const key = facts.newApiKey ?? '$HEADRACE_API_KEY';
  const keyLines = facts.newApiKey
    ? [`API key      ${facts.newApiKey}`, `             (shown this once; it is kept in ${keyFile})`, '']
    : [];
  return [
    '',
    `Headrace is ready at ${publicUrl} (${(facts.startedInMs / 1_000).toFixed(1)} s). Stop it with Ctrl-C.`,
    '',
    ...keyLines,
    `Data         ${facts.dataDirectory}`,
    `API          ${publicUrl}/openapi.json`,
    ...(facts.demoBackendUrl
      ? [`Backend      ${facts.demoBackendUrl} answers the demo project's webhooks and calls back`]
      : ['Backend      none runs; start with "npm start -- --demo-backend" for one that calls back by itself']),
    ...(facts.allowsLoopback
      ? ['Addresses    webhooks and AI providers may be on this machine (HEADRACE_ALLOW_LOOPBACK); not for production']
      : []),
    '',
    'Try it in another terminal:',
    '',
    ...(facts.newApiKey || !facts.keepsApiKey ? [] : [`  HEADRACE_API_KEY=$(cat ${keyFile})`]),
    '  # 1. ask; the answer has a channel_id',
    `  curl -s ${publicUrl}/v1/ai/async -H "Authorization: Bearer ${key}" -H 'Content-Type: application/json' \\`,
    `    -d '{"workflow":"demo_event","messages":[{"role":"user","content":"Hello"}],"metadata":{"user":"u1"}}'`,
    "  # 2. see the AI's answer and the timeline",
    `  curl -s ${publicUrl}/v1/requests/CHANNEL_ID -H "Authorization: Bearer ${key}"`,
    '  # 3. be the backend and call back',
    `  curl -s ${publicUrl}/v1/callback/CHANNEL_ID -H "Authorization: Bearer ${key}" -H 'Content-Type: application/json' \\`,
    `    -d '{"data":{"id":"row-1"}}'`,
    '  # 4. the whole flow by itself, one line for each step',
    '  npm run demo',
    '',
  ].join('\n');
}
