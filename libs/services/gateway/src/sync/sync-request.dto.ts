import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { Nested } from '@headrace/http';
import { AsyncRequestDto } from '../accept/async-request.dto.js';
import { answerFormats, type AnswerFormat } from './native-answer.js';

/** How a stream is told (`stream_options` of OpenAI). */
export class StreamOptionsDto {
  @ApiPropertyOptional({ type: 'boolean', description: 'Tells the tokens in a last chunk.' })
  @IsOptional()
  @IsBoolean()
  include_usage?: boolean | null;
}

/** Body of `POST /v1/ai`: that of the asynchronous route, and how the answer is wanted. */
export class SyncRequestDto extends AsyncRequestDto {
  @ApiPropertyOptional({ type: 'boolean', description: 'Answers with server-sent events, piece by piece.' })
  declare stream?: boolean | null;

  @ApiPropertyOptional({ type: () => StreamOptionsDto, description: 'Only with stream.' })
  @IsOptional()
  @Nested(() => StreamOptionsDto)
  stream_options?: StreamOptionsDto | null;

  @ApiPropertyOptional({
    enum: answerFormats,
    description: "`raw`: the provider's body. `wrapped`: `{data, customer_data, meta, backups}`.",
  })
  @IsOptional()
  @IsIn(answerFormats)
  declare format?: AnswerFormat | null;
}
