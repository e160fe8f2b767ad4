import { errorCatalogue } from '@headrace/contracts';

/** Where the document keeps the schema of error bodies. */
export const errorSchemaRef = { $ref: '#/components/schemas/Error' };

/** Schema of every error body (CONTRACT section 1). */
export const errorSchema = {
  type: 'object' as const,
  required: ['message', 'error'],
  properties: {
    message: { type: 'string' as const, description: 'What went wrong and what to do.' },
    error: {
      type: 'object' as const,
      required: ['message', 'type', 'param', 'code'],
      properties: {
        message: { type: 'string' as const },
        type: { type: 'string' as const },
        param: { type: ['string', 'null'] as unknown as 'string', description: 'The first offending field.' },
        code: { type: 'string' as const, enum: Object.keys(errorCatalogue) },
        details: {
          type: 'array' as const,
          description: 'All offending fields.',
          items: {
            type: 'object' as const,
            required: ['param', 'message'],
            properties: { param: { type: 'string' as const }, message: { type: 'string' as const } },
          },
        },
      },
    },
  },
};
