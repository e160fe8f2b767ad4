import { ApiProperty } from '@nestjs/swagger';

/** A model as OpenAI's API tells of it. */
export class ModelDto {
  @ApiProperty({ description: 'Name of a workflow, or `provider/model`.' })
  id: string;

  @ApiProperty({ enum: ['model'] })
  object: 'model';

  @ApiProperty({ type: 'integer', description: 'Unix seconds; 0 where it is not known.' })
  created: number;

  @ApiProperty({ description: 'The provider that is asked first.' })
  owned_by: string;
}

/** Answer of `GET /v1/models`. */
export class ModelListDto {
  @ApiProperty({ enum: ['list'] })
  object: 'list';

  @ApiProperty({ type: [ModelDto] })
  data: ModelDto[];
}
