/** WebSocket topic of a request as the asynchronous reply names it (CONTRACT section 3). */
export const channelTopic = (project: string, channel: string): string => `ai_response:${project}:${channel}`;

/** Claims of a `ws_token` (HS256 JWT, CONTRACT section 3). */
export interface ChannelTokenClaims {
  readonly project_id: string;
  readonly channel_id: string;
  readonly topic: string;
}
