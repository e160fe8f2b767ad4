import { isJsonObject, type ErrorDetail, type Json, type JsonObject } from '@headrace/contracts';
import { furtherRules, type HasFurtherRules } from '@headrace/http';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { IsLeftOutOr, IsName } from '../field-rules.js';
import { wantedSchemaViolations } from './wanted-schema.js';

const schemaProperty = {
  type: 'object',
  additionalProperties: true,
  description: 'A JSON Schema, or an example of the answers, such as {"name": "string", "age": 0}.',
} as const;
const sampleProperty = {
  oneOf: [{}],
  description: 'The answer in test mode; it must fit the schema. Default: the example, if the schema was one.',
};

/** Body of `POST /v1/structured-outputs`. */
export class NewStructuredOutputDto implements HasFurtherRules {
  @ApiProperty()
  @IsName()
  name: string;

  @ApiProperty(schemaProperty)
  @IsObject()
  schema: JsonObject;

  @ApiPropertyOptional(sampleProperty)
  sample_data?: Json;

  [furtherRules](): ErrorDetail[] {
    return schemaRules(this.schema);
  }
}

/** Body of `PATCH /v1/structured-outputs/{id}`: what is left out stays as it is. */
export class StructuredOutputChangesDto implements HasFurtherRules {
  @ApiPropertyOptional()
  @IsLeftOutOr()
  @IsName()
  name?: string;

  @ApiPropertyOptional(schemaProperty)
  @IsLeftOutOr()
  @IsObject()
  schema?: JsonObject;

  @ApiPropertyOptional(sampleProperty)
  sample_data?: Json;

  [furtherRules](): ErrorDetail[] {
    return schemaRules(this.schema);
  }
}

/** Values of other types have been refused already. */
const schemaRules = (schema: unknown): ErrorDetail[] =>
  isJsonObject(schema) ? wantedSchemaViolations(schema, 'schema') : [];
