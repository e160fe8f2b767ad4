import type { StructuredOutputEntity } from '@headrace/project-store';
import { ApiProperty } from '@nestjs/swagger';

/** A structured output as it goes out. */
export class StructuredOutputView {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty()
  name: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  schema: object;

  @ApiProperty({ oneOf: [{}] })
  sample_data: StructuredOutputEntity['sampleData'];

  @ApiProperty({ format: 'date-time' })
  created_at: string;

  @ApiProperty({ format: 'date-time' })
  updated_at: string;
}

/** A structured output as it goes out. */
export const structuredOutputView = (entity: StructuredOutputEntity): StructuredOutputView => ({
  id: entity.id,
  name: entity.name,
  schema: entity.schema,
  sample_data: entity.sampleData,
  created_at: entity.createdAt.toISOString(),
  updated_at: entity.updatedAt.toISOString(),
});
