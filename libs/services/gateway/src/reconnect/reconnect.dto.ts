import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';

/** Body of `POST /v1/ai/reconnect`. */
export class ReconnectDto {
  @ApiProperty({ format: 'uuid', description: 'Channel of a request made before.' })
  @IsString()
  channel_id: string;
}
