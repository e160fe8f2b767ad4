import type { JsonObject } from '@headrace/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** Where a client follows a request. */
export class ChannelAccessDto {
  @ApiProperty({ format: 'uuid' })
  channel_id: string;

  @ApiProperty({ format: 'uuid' })
  project_id: string;

  @ApiProperty({
    description: 'JWT for the WebSocket upgrade, bound to this channel. Good for 5 minutes to first use.',
  })
  ws_token: string;

  @ApiProperty({ example: 'wss://host/socket' })
  websocket_url: string;

  @ApiProperty({ example: 'ai_response:<project_id>:<channel_id>' })
  websocket_channel: string;
}

/** Answer of `POST /v1/ai/async`: the request is durable. */
export class AsyncReplyDto extends ChannelAccessDto {
  @ApiProperty({ enum: ['success'] })
  message: 'success';

  @ApiProperty({ enum: ['pending'] })
  status: 'pending';

  @ApiProperty({ type: 'object', additionalProperties: true })
  customer_data: JsonObject;

  @ApiPropertyOptional({ enum: [true], description: 'Only in test mode.' })
  test_mode?: true;
}
