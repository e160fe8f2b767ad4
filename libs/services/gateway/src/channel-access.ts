import { HeadraceSettings } from '@headrace/config';
import { channelTopic } from '@headrace/contracts';
import { ChannelTokens } from '@headrace/secrets';
import { Injectable } from '@nestjs/common';
import type { ChannelAccessDto } from './accept/async-reply.dto.js';

/** Tells clients where and with what token they follow a channel. */
@Injectable()
export class ChannelAccess {
  private readonly websocketUrl: string;

  constructor(
    settings: HeadraceSettings,
    private readonly tokens: ChannelTokens,
  ) {
    this.websocketUrl = settings.socketUrl;
  }

  /** Access to a channel, with a fresh token. */
  async grant(project: string, channel: string, now: Date): Promise<ChannelAccessDto> {
    return {
      channel_id: channel,
      project_id: project,
      ws_token: await this.tokens.mint(project, channel, now),
      websocket_url: this.websocketUrl,
      websocket_channel: channelTopic(project, channel),
    };
  }
}
