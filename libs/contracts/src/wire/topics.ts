/** WebSocket topic of a request as the asynchronous reply names it (CONTRACT section 3). */
export const channelTopic = (project: string, channel: string): string => `ai_response:${project}:${channel}`;

/** Claims of a `ws_token` (HS256 JWT, CONTRACT section 3). */
export interface ChannelTokenClaims {
  readonly project_id: string;
  readonly channel_id: string;
  readonly topic: string;
}

/** WebSocket topic of all that happens to the requests of a project. */
export const projectTopic = (project: string): string => `project:${project}`;

/** Claims of a token for the topic of a project (HS256 JWT under a key of its own). */
export interface ProjectTokenClaims {
  readonly project_id: string;
  readonly topic: string;
  /** Id of the API key that it was made with; null: the administrator made it. It ends with the key. */
  readonly key_id: string | null;
}
