/** What a sealed secret is for; it opens in no other row or column. */
export const purposes = {
  projectSigningSecret: (projectId: string) => `project-signing-secret:${projectId}`,
  webhookSecret: (endpointId: string) => `webhook-secret:${endpointId}`,
  webhookHeaders: (endpointId: string) => `webhook-headers:${endpointId}`,
  providerKey: (credentialId: string) => `provider-key:${credentialId}`,
} as const;
