import { ApiProperty } from '@nestjs/swagger';

/** Answer of `POST /v1/projects/{id}/realtime-token`. */
export class ProjectTokenView {
  @ApiProperty({
    description: "JWT for the WebSocket upgrade, bound to the project's topic. Good for 5 minutes to join with.",
  })
  token: string;

  @ApiProperty({ format: 'date-time' })
  expires_at: string;

  @ApiProperty({ format: 'uuid' })
  project_id: string;

  @ApiProperty({ example: 'wss://host/socket' })
  websocket_url: string;

  @ApiProperty({ example: 'project:<project_id>' })
  websocket_channel: string;
}
