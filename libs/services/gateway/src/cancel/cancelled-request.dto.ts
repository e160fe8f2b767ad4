import { ApiProperty } from '@nestjs/swagger';

/** Answer of `POST /v1/requests/{channel_id}/cancel`. */
export class CancelledRequestDto {
  @ApiProperty({ enum: ['success'] })
  message: 'success';

  @ApiProperty({ enum: ['cancelled'] })
  status: 'cancelled';

  @ApiProperty({ format: 'uuid' })
  channel_id: string;

  @ApiProperty({ format: 'date-time', description: 'When it was cancelled, the first time it was asked for.' })
  cancelled_at: string;
}
